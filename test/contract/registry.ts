import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secret } from '../../src/config/secret.ts'
import { machineResolver } from '../../src/network/checked-lookup.ts'
import { createFetch } from '../../src/network/create-fetch.ts'
import { systemClock } from '../../src/pace/clock.ts'
import { createImageRegistry, type ImageRegistryOptions } from '../../src/registry/create-image-registry.ts'
import { pinned } from '../../src/registry/pinned.ts'
import type { ImageRegistry } from '../../src/registry/port.ts'
import { type PushTarget, pushImage, pushIndex } from '../support/push-image.ts'
import { basicHeader, registryUser } from '../support/token-server.ts'

/** A registry with nothing in it. With `token`, nobody may pull what is below `public/`, as `test/support/token-server.ts` says. */
export interface RegistryHarness {
  readonly auth: 'none' | 'basic' | 'token'
  readonly target: PushTarget
  /** Hosts that its passwords may be sent to. */
  readonly realms: readonly string[]
  close(): Promise<void>
}

export const wrongPassword = 'not-the-password-1'

/** An adapter as it is wired, but for registries on this machine. */
export function imageRegistryOf(options: Partial<ImageRegistryOptions> = {}): ImageRegistry {
  return createImageRegistry({
    fetch: (lookup) => createFetch({}, lookup),
    clock: systemClock,
    credentials: [],
    dockerConfig: null,
    resolve: machineResolver,
    allowLoopback: true,
    ...options,
  })
}

/** What every registry is expected to answer. */
export function describeRegistryContract(name: string, open: () => Promise<RegistryHarness>): void {
  describe(`${name} is asked whether an image is there`, () => {
    let harness: RegistryHarness
    let host = ''
    let folder = ''
    let known: ImageRegistryOptions['credentials'] = []

    beforeAll(async () => {
      harness = await open()
      host = new URL(harness.target.url).host
      folder = await mkdtemp(join(tmpdir(), 'mayfly-registry-'))
      const { username, password } = registryUser
      known = [{ host, username, password: secret(password), realms: harness.realms }]
    })
    afterAll(async () => {
      await harness.close()
      await rm(folder, { recursive: true, force: true })
    })

    it.each(['acme/shop', 'acme/team/deep/shop', 'public/shop', 'hidden/shop'])(
      'there, with the digest that it has: %s',
      async (repository) => {
        const digest = await pushImage(harness.target, repository, 'd4e5f6a')
        const reference = `${host}/${repository}:d4e5f6a`
        const registry = imageRegistryOf({ credentials: known })
        expect(await registry.find(reference)).toEqual({ kind: 'there', digest })
        expect(await registry.find(pinned(reference, digest))).toEqual({ kind: 'there', digest })
      },
    )

    it('there, when it is an index of several platforms', async () => {
      const digest = await pushIndex(harness.target, 'acme/many', 'v1')
      const reading = await imageRegistryOf({ credentials: known }).find(`${host}/acme/many:v1`)
      expect(reading).toEqual({ kind: 'there', digest })
    })

    it('missing: the tag, the digest, the whole repository; and there once it is pushed', async () => {
      await pushImage(harness.target, 'acme/late', 'v1')
      const find = (reference: string) => imageRegistryOf({ credentials: known }).find(`${host}/${reference}`)
      const nowhere = `sha256:${'0'.repeat(64)}`
      for (const version of [':v2', ':latest', '', `@${nowhere}`])
        expect(await find(`acme/late${version}`)).toEqual({ kind: 'missing' })
      expect(await find('acme/never:v1')).toEqual({ kind: 'missing' })
      const digest = await pushImage(harness.target, 'acme/late', 'v2')
      expect(await find('acme/late:v2')).toEqual({ kind: 'there', digest })
    })

    it('the digest that a moved tag has now', async () => {
      const find = () => imageRegistryOf({ credentials: known }).find(`${host}/acme/moved:v1`)
      const first = await pushImage(harness.target, 'acme/moved', 'v1')
      expect(await find()).toEqual({ kind: 'there', digest: first })
      const second = await pushImage(harness.target, 'acme/moved', 'v1')
      expect(await find()).toEqual({ kind: 'there', digest: second })
    })

    it('to nobody it shows what is public, and never calls missing what it does not show', async () => {
      const registry = imageRegistryOf()
      for (const repository of ['public/open', 'acme/closed', 'hidden/closed']) {
        await pushImage(harness.target, repository, 'v1')
        const isOpen =
          harness.auth === 'none' || (harness.auth === 'token' && repository.startsWith('public/'))
        const reading = await registry.find(`${host}/${repository}:v1`)
        expect(reading.kind).toBe(isOpen ? 'there' : 'forbidden')
        const other = await registry.find(`${host}/${repository}:v2`)
        expect(other.kind).toBe(isOpen ? 'missing' : 'forbidden')
        if (!isOpen) expect(reading).toMatchObject({ why: expect.stringContaining('`registries`') as string })
      }
    })

    it('a wrong password says so, is not quoted, and does not hide what is public', async () => {
      await pushImage(harness.target, 'acme/locked', 'v1')
      await pushImage(harness.target, 'public/unlocked', 'v1')
      const entry = { host, username: registryUser.username, password: secret(wrongPassword) }
      const registry = imageRegistryOf({ credentials: [{ ...entry, realms: harness.realms }] })
      const reading = await registry.find(`${host}/acme/locked:v1`)
      expect(reading.kind).toBe(harness.auth === 'none' ? 'there' : 'forbidden')
      expect(JSON.stringify(reading)).not.toContain(wrongPassword)
      expect(JSON.stringify(reading)).not.toContain(
        basicHeader({ ...entry, password: wrongPassword }).slice(6),
      )
      const open = await registry.find(`${host}/public/unlocked:v1`)
      expect(open.kind).toBe(harness.auth === 'basic' ? 'forbidden' : 'there')
    })

    it('with the password of a mounted docker config, read when it is needed, and never to a realm elsewhere', async () => {
      const digest = await pushImage(harness.target, 'acme/mounted', 'v1')
      const dockerConfig = join(folder, 'config.json')
      const registry = imageRegistryOf({ dockerConfig })
      const before = await registry.find(`${host}/acme/mounted:v2`)
      expect(before.kind).toBe(harness.auth === 'none' ? 'missing' : 'forbidden')
      const auth = basicHeader(registryUser).slice(6)
      await writeFile(dockerConfig, JSON.stringify({ auths: { [host]: { auth } } }))
      const reading = await registry.find(`${host}/acme/mounted:v1`)
      // Only the configuration can name a realm on another host.
      const elsewhere = { kind: 'forbidden', why: expect.stringContaining('`realms`') as string }
      expect(reading).toEqual(harness.auth === 'token' ? elsewhere : { kind: 'there', digest })
    })
  })
}
