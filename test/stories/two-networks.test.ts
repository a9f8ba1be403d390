import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { selfSigned } from '../probe/self-signed.ts'
import { eventually } from '../support/eventually.ts'
import { startProxy, startTls, type TestProxy } from '../support/proxy.ts'
import { canaries, createWorld, repository, type World } from '../support/world.ts'

const forgePlace = 'preview.example:8443'
const gitPlace = 'preview.example:9443'

describe('forge and environment repository behind a proxy, with certificates of a company', () => {
  let world: World
  let proxy: TestProxy
  let folder: string
  let child: ChildProcess | null
  let printed: string
  const doors: { close(): void }[] = []

  beforeEach(async () => {
    world = await createWorld({ autostart: false })
    child = null
    printed = ''
    folder = await mkdtemp(join(tmpdir(), 'mayfly-proxy-'))
    const [forge, git] = await Promise.all([startTls(world.forge.url), startTls(gitUrl(world))])
    doors.push(forge, git)
    proxy = await startProxy({ [forgePlace]: forge.port, [gitPlace]: git.port }, 'mayfly:hunter2-canary')
    await writeFile(join(folder, 'authority.pem'), selfSigned.cert)
  })

  afterEach(async () => {
    await end(child)
    for (const door of doors.splice(0)) door.close()
    await proxy.close()
    await world.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('goes through it for every call of the API and for git alike', { timeout: 60_000 }, async () => {
    await serve({
      HTTPS_PROXY: `http://mayfly:hunter2-canary@${proxy.address}`,
      NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem'),
    })
    const number = world.open('work')
    await world.manifests([`shop-${number}-work.yml`], 30_000)
    await eventually(() => {
      expect(world.comments(number)[0]).toContain('shop')
    })
    expect(new Set(proxy.asked)).toEqual(new Set([forgePlace, gitPlace]))
    expect(printed).not.toContain('hunter2')
  })

  it('says which proxy it asked where that does not let it in', { timeout: 60_000 }, async () => {
    await serve({
      HTTPS_PROXY: `http://mayfly:wrong-canary@${proxy.address}`,
      NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem'),
    })
    world.open('work')
    await eventually(
      () => {
        expect(printed).toContain(`through the proxy ${proxy.address}`)
      },
      { withinMs: 20_000 },
    )
    expect(printed).not.toContain('wrong-canary')
  })

  it('asks no proxy for what NO_PROXY names', { timeout: 60_000 }, async () => {
    await serve({ HTTPS_PROXY: `http://${proxy.address}`, NO_PROXY: '.example' })
    world.open('work')
    await eventually(
      () => {
        expect(printed).toContain('did not answer')
      },
      { withinMs: 20_000 },
    )
    expect(proxy.asked).toEqual([])
  })

  async function serve(variables: Readonly<Record<string, string>>): Promise<void> {
    const text = world.configText
      .replaceAll(gitUrl(world), `https://${gitPlace}${new URL(gitUrl(world)).pathname}`)
      .replaceAll(world.forge.url, `https://${forgePlace}`)
    const file = join(folder, 'mayfly.yaml')
    await writeFile(file, text)
    const { PATH, HOME } = process.env
    // A cache of its own: whoever runs the tests may have one.
    const env = { PATH, HOME, TMPDIR: folder, ...variables }
    const started = spawn(process.execPath, ['src/main.ts', 'serve', '--config', file], { env })
    for (const output of [started.stdout, started.stderr])
      output.on('data', (chunk: Buffer) => {
        printed += chunk.toString()
      })
    child = started
    const url = `http://127.0.0.1:${loadConfig({ path: file, text, env: {} }).config.server.port}`
    world.forge.webhooks.deliverTo({ url: `${url}/webhooks/gitea`, secret: canaries.webhookSecret })
    await eventually(async () => (await fetch(`${url}/healthz`)).ok, { withinMs: 20_000 })
  }
})

function gitUrl(world: World): string {
  const [, url] = /environmentRepository:[^]*?url: (\S+)/.exec(world.configText) ?? []
  if (url === undefined) throw new Error(`no environment repository for ${repository}`)
  return url.replace(/[,}]+$/, '')
}

async function end(process: ChildProcess | null): Promise<void> {
  if (process?.exitCode !== null) return
  const closed = new Promise((resolve) => process.once('close', resolve))
  process.kill('SIGKILL')
  await closed
}
