import { describe, expect, it } from 'vitest'
import type { Gate } from '../../src/preview/application.ts'
import { RetryLater } from '../../src/preview/errors.ts'
import { anApplication, shaA, shaB } from '../preview/fixtures.ts'
import { found, given, template } from './given.ts'

const digest = `sha256:${'ab'.repeat(32)}`
const other = `sha256:${'cd'.repeat(32)}`

function gated(
  gate: Partial<Gate>,
  image: string | Record<string, string> = 'registry.acme.dev/shop:{{sha}}',
) {
  const all = { checks: [], image: false, timeoutMs: 30 * 60_000, pin: false, ...gate }
  return given([anApplication({ gate: all, image })])
}

/** The newest comment as people read it. */
const said = (pass: ReturnType<typeof given>) => pass.comment().replaceAll(/[\\`]|<span[^>]*>|<\/span>/g, '')

const manifests = async (pass: ReturnType<typeof given>) =>
  (await pass.repository.view()).manifests().map(({ sha }) => sha)

describe('a gate', () => {
  it('holds a commit up while its check has not passed, says so, and lets it through', async () => {
    const pass = gated({ checks: ['build'] })
    expect(await pass.reconcile()).toEqual({
      kind: 'waiting',
      afterMs: 10_000,
      why: 'there is no check called build yet',
    })
    expect(said(pass)).toContain('Waiting: there is no check called build yet')
    expect(said(pass)).toContain('At a1b2c3d. Mayfly tries again by itself; nothing was removed.')
    expect(await manifests(pass)).toEqual([])
    pass.checks = { build: 'pending' }
    await pass.reconcile()
    expect(said(pass)).toContain('Waiting: the check build has not ended yet')
    pass.checks = { build: 'passed' }
    await pass.reconcile()
    expect(await manifests(pass)).toEqual([shaA])
  })

  it('a check that failed is told at once, and the image is not asked for', async () => {
    const pass = gated({ checks: ['lint', 'build'], image: true })
    pass.checks = { lint: 'passed', build: 'failed' }
    expect(await pass.reconcile()).toEqual({ kind: 'settled' })
    expect(said(pass)).toContain('Failed: the check build failed')
    expect(pass.asked).toEqual([])
    expect(await manifests(pass)).toEqual([])
  })

  it('what stood before stays to the byte while a new commit waits, and the comment says what serves', async () => {
    const pass = gated({ image: true })
    pass.agent = { kind: 'ready', serving: shaA, since: null }
    await pass.reconcile()
    const [before] = (await pass.repository.view()).manifests()
    pass.forge = found({ sha: shaB, title: 'Another title' })
    pass.image = { kind: 'missing' }
    await pass.reconcile()
    expect((await pass.repository.view()).manifests()).toEqual([before])
    expect(said(pass)).toContain(`Waiting: the image registry.acme.dev/shop:${shaB} is not there yet`)
    expect(said(pass)).toContain('At d4e5f6a. a1b2c3d is still serving at')
    expect(pass.reports.at(-1)?.statuses[0]).toMatchObject({ sha: shaB, status: { state: 'pending' } })
  })

  it('waits longer each time, and fails in words after the timeout, but looks again all the same', async () => {
    const pass = gated({ image: true, timeoutMs: 10 * 60_000 })
    pass.image = { kind: 'missing' }
    const pauses: number[] = []
    for (let round = 0; round < 30; round += 1) {
      const outcome = await pass.reconcile('sweep')
      if (outcome.kind !== 'waiting') break
      pauses.push(outcome.afterMs)
      await pass.clock.advance(outcome.afterMs)
    }
    expect(pauses.slice(0, 4)).toEqual([10_000, 10_000, 20_000, 40_000])
    expect(Math.max(...pauses)).toBe(120_000)
    expect(said(pass)).toContain(
      `Failed: the image registry.acme.dev/shop:${shaA} is not there yet, after 10 min`,
    )
    pass.image = { kind: 'there', digest: null }
    await pass.reconcile('sweep')
    expect(await manifests(pass)).toEqual([shaA])
  })

  it('that we may not look is never that it is not there', async () => {
    const pass = gated({ image: true })
    pass.image = { kind: 'forbidden', why: 'Mayfly cannot look whether it is there' }
    await pass.reconcile()
    expect(said(pass)).toContain('Failed: Mayfly cannot look whether it is there')
    expect(said(pass)).toContain('registries')
    expect(said(pass)).not.toContain('not there')
  })

  it('a registry that does not answer decides nothing', async () => {
    const pass = gated({ image: true })
    pass.image = new RetryLater('registry.acme.dev answers 503')
    await expect(pass.reconcile()).rejects.toThrow('503')
    expect(said(pass)).toContain('Waiting: registry.acme.dev answers 503')
    expect(await manifests(pass)).toEqual([])
  })

  it('law 6: what is written is not asked again, and writes nothing again', async () => {
    const pass = gated({ checks: ['build'], image: true })
    pass.checks = { build: 'passed' }
    await pass.reconcile()
    const read = pass.checksRead()
    const written = pass.repository.commits.length
    pass.checks = { build: 'failed' }
    pass.image = { kind: 'missing' }
    await pass.reconcile()
    expect(pass.checksRead()).toBe(read)
    expect(pass.repository.commits).toHaveLength(written)
  })

  it('an end comes through a closed gate', async () => {
    const pass = gated({ checks: ['build'] })
    pass.checks = { build: 'passed' }
    await pass.reconcile()
    pass.checks = { build: 'failed' }
    pass.forge = found({ sha: shaB, state: 'merged' })
    await pass.reconcile()
    expect(await manifests(pass)).toEqual([])
  })
})

describe('pinned images', () => {
  const withImage = (pass: ReturnType<typeof given>, text = '{{image}}') =>
    pass.repository.push([
      { path: 'templates/preview.yaml.hbs', content: `${template}  annotations: { image: "${text}" }\n` },
    ])
  const content = async (pass: ReturnType<typeof given>) =>
    (await pass.repository.view()).manifests()[0]?.content

  it('are written by the digest that was found, and a tag that moves changes nothing', async () => {
    const pass = gated({ image: true, pin: true }, 'registry.acme.dev:5000/team/shop:{{shortSha}}')
    withImage(pass)
    pass.image = { kind: 'there', digest }
    await pass.reconcile()
    expect(await content(pass)).toContain(`registry.acme.dev:5000/team/shop@${digest}`)
    const before = await content(pass)
    pass.image = { kind: 'there', digest: other }
    await pass.reconcile()
    pass.forge = found({ title: 'Another title' })
    await pass.reconcile()
    expect(await content(pass)).toBe(before)
    pass.forge = found({ sha: shaB })
    await pass.reconcile()
    expect(await content(pass)).toContain(`registry.acme.dev:5000/team/shop@${other}`)
  })

  it('of several each has its own', async () => {
    const pass = gated(
      { image: true, pin: true },
      { web: 'registry.acme.dev/web:{{shortSha}}', api: 'registry.acme.dev/api:{{shortSha}}' },
    )
    withImage(pass, '{{image.web}} {{image.api}}')
    pass.image = { kind: 'there', digest }
    await pass.reconcile()
    expect(pass.asked).toEqual(['registry.acme.dev/web:a1b2c3d', 'registry.acme.dev/api:a1b2c3d'])
    expect(await content(pass)).toContain(`registry.acme.dev/web@${digest} registry.acme.dev/api@${digest}`)
    const written = pass.repository.commits.length
    await pass.reconcile()
    expect(pass.repository.commits).toHaveLength(written)
  })
})
