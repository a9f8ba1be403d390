import { describe, expect, it } from 'vitest'
import type { OpenMergeRequests } from '../../src/forge/port.ts'
import { RetryLater } from '../../src/preview/errors.ts'
import { previewId } from '../../src/preview/preview-id.ts'
import { createOpenBefore } from '../../src/sweep/open-before.ts'
import { createSourceRepositories } from '../../src/reconcile/source-repositories.ts'
import { sweep } from '../../src/sweep/sweep.ts'
import { anApplication } from '../preview/fixtures.ts'
import { found, given } from '../reconcile/given.ts'

const repository = { id: '7', fullName: 'acme/shop', cloneUrl: 'https://git.acme.dev/acme/shop.git' }
const docs = anApplication({ name: 'docs', repository: 'acme/docs' })

function sweepOf(pass: ReturnType<typeof given>, open: Readonly<Record<string, readonly number[] | Error>>) {
  const queued: string[] = []
  const complete: string[] = []
  const failed: string[] = []
  const openBefore = createOpenBefore()
  const forge = {
    ...pass.ports.forges.get('gitea'),
    listOpenMergeRequests: (name: string): Promise<OpenMergeRequests> => {
      const numbers = open[name] ?? []
      return numbers instanceof Error ? Promise.reject(numbers) : Promise.resolve({ repository, numbers })
    },
  }
  const run = (lookBackMs = 60_000) =>
    sweep({
      settings: pass.settings,
      ports: { ...pass.ports, forges: new Map([['gitea', forge as never]]) },
      sources: createSourceRepositories(pass.settings.applications),
      queue: { add: (key, trigger) => Promise.resolve(void queued.push(`${key} ${trigger}`)) },
      lookBackMs,
      openBefore,
      onOrphans: () => undefined,
      onComplete: (source) => complete.push(source.repository),
      onFailed: (source) => failed.push(source.repository),
      clock: pass.clock,
      log: pass.log,
    })
  return { run, queued, complete, failed }
}

describe('a sweep', () => {
  it('queues every open merge request and every manifest, each key once, as nobody’s event', async () => {
    const pass = given([anApplication(), docs])
    await pass.reconcile()
    const swept = sweepOf(pass, { 'acme/shop': [142, 7], 'acme/docs': [1] })
    expect(await swept.run()).toEqual({ keys: 3, failed: [], orphans: [], leftovers: [] })
    expect(swept.queued.toSorted()).toEqual([
      'gitea:acme/docs#1 sweep',
      'gitea:acme/shop#142 sweep',
      'gitea:acme/shop#7 sweep',
    ])
    expect(swept.complete).toEqual(['acme/shop', 'acme/docs'])
  })

  it('queues what left the list of open ones without an event, once, and nothing for a list that failed', async () => {
    const open: Record<string, readonly number[] | Error> = { 'acme/shop': [7, 8], 'acme/docs': [1] }
    const swept = sweepOf(given([anApplication(), docs]), open)
    await swept.run()
    swept.queued.length = 0
    open['acme/shop'] = new RetryLater('a page is missing')
    open['acme/docs'] = []
    await swept.run()
    expect(swept.queued).toEqual(['gitea:acme/docs#1 sweep'])
    swept.queued.length = 0
    open['acme/shop'] = [8]
    await swept.run()
    expect(swept.queued.toSorted()).toEqual(['gitea:acme/shop#7 sweep', 'gitea:acme/shop#8 sweep'])
    swept.queued.length = 0
    await swept.run()
    expect(swept.queued).toEqual(['gitea:acme/shop#8 sweep'])
  })

  it('law 11: goes on when one repository does not answer, and names it', async () => {
    const pass = given([anApplication(), docs])
    const swept = sweepOf(pass, { 'acme/shop': new RetryLater('a page is missing'), 'acme/docs': [1] })
    expect(await swept.run()).toMatchObject({ keys: 1, failed: ['gitea:acme/shop: a page is missing'] })
    expect(swept).toMatchObject({ complete: ['acme/docs'], failed: ['acme/shop'] })
    expect(pass.log.lines.at(-1)?.level).toBe('error')
  })

  it('queues what was removed lately, for its comment may be owed', async () => {
    const pass = given()
    await pass.reconcile()
    pass.forge = found({ state: 'merged' })
    await pass.reconcile()
    await pass.clock.advance(30_000)
    const swept = sweepOf(pass, {})
    await swept.run()
    expect(swept.queued).toEqual(['gitea:acme/shop#142 sweep'])
    expect(await swept.run(10_000)).toMatchObject({ keys: 0 })
  })

  it('names manifests of applications that nobody configured any more, and queues nothing for them', async () => {
    const pass = given()
    await pass.reconcile()
    const swept = sweepOf({ ...pass, settings: { ...pass.settings, applications: [docs] } }, {})
    expect(await swept.run()).toMatchObject({ keys: 0, orphans: [{ path: 'apps/shop-142-cart.yml' }] })
  })

  it('names what the cluster holds without a manifest, of known applications only', async () => {
    const pass = given()
    const standing = [
      { preview: previewId('shop', 9), what: 'Namespace preview-shop-9' },
      { preview: previewId('other', 9), what: 'Namespace preview-other-9' },
    ]
    const agent = { ...pass.ports.agent, resources: () => Promise.resolve(standing) }
    const swept = sweepOf({ ...pass, ports: { ...pass.ports, agent } }, {})
    expect(await swept.run()).toMatchObject({ keys: 1, leftovers: ['Namespace preview-shop-9'] })
    expect(swept.queued).toEqual(['gitea:acme/shop#9 sweep'])
  })
})
