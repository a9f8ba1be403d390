import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type Fault, faults } from '../support/faults.ts'
import { type FaultyForge, startFaultyForge } from '../support/faulty-forge.ts'
import { createWorld, repository, type World } from '../support/world.ts'

/** Answers that say plainly "there is none" and are true when the witness agrees; here everything lies at once. */
const names = [
  'shop-1-a.yml',
  'shop-2-b.yml',
  'shop-3-c.yml',
  'shop-4-d.yml',
  'shop-5-e.yml',
  'shop-6-f.yml',
  'shop-7-g.yml',
]

describe('law 3: a forge that fails, lies or answers in part removes nothing', () => {
  let world: World
  let proxy: FaultyForge | null = null

  beforeAll(async () => {
    world = await createWorld({
      sweepEvery: '150ms',
      through: async (url) => {
        proxy = await startFaultyForge(url)
        return proxy.url
      },
    })
    for (const branch of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) world.open(branch)
    await world.manifests(names)
  })

  afterAll(async () => {
    proxy?.heal()
    await world.close()
    await proxy?.close()
  })

  function forge(): FaultyForge {
    if (proxy === null) throw new Error('no proxy')
    return proxy
  }

  /** Lets sweeps and an event meet the fault, heals it, and sees that everybody still stands and new work gets done. */
  async function survives(fault: Fault, when: (path: string, page: number | null) => boolean): Promise<void> {
    const commits = (await world.branch.commits()).length
    const seen = forge().requests.length
    forge().break({ fault, when: ({ method, path, page }) => method === 'GET' && when(path, page) })
    world.forge.actions.label(repository, 1, [`label-${fault}`])
    const struck = () =>
      forge()
        .requests.slice(seen)
        .filter(({ method, path, page }) => method === 'GET' && when(path, page)).length
    await eventually(() => struck() >= (fault === 'hang' ? 1 : 3))
    forge().heal()
    const sha = world.forge.actions.push(repository, 7)
    await eventually(
      async () => {
        expect(await world.branch.file('apps/shop-7-g.yml')).toContain(sha)
      },
      { withinMs: 40_000 },
    )
    const later = (await world.branch.commits()).slice(commits)
    expect(
      later.filter(({ touched }) => touched.some((change) => change.startsWith('D'))),
      fault,
    ).toEqual([])
    await world.manifests(names)
  }

  const pulls = `/repos/${repository}/pulls`

  it.each(faults.filter((fault) => fault !== 'hang'))(
    '%s on every answer',
    { timeout: 60_000 },
    async (fault) => {
      await survives(fault, () => true)
    },
  )

  it.each(['500', 'HTML with 200', 'empty list with 200', 'truncated JSON', 'lost items', '404'] as const)(
    '%s on the last page of the list',
    { timeout: 60_000 },
    async (fault) => {
      await survives(fault, (path, page) => path === pulls && page === 2)
    },
  )

  it.each(['404', '403', 'empty list with 200', 'null with 200'] as const)(
    '%s on each merge request while its repository answers and lists it',
    { timeout: 60_000 },
    async (fault) => {
      await survives(fault, (path) => path.startsWith(`${pulls}/`))
    },
  )

  it('404 on a merge request that is truly gone, with its repository and its list for witnesses, is an answer', {
    timeout: 60_000,
  }, async () => {
    const source = world.forge.state.repositories[0]
    const index = source?.mergeRequests.findIndex(({ number }) => number === 3) ?? -1
    source?.mergeRequests.splice(index, 1)
    await world.manifests(
      names.filter((name) => name !== 'shop-3-c.yml'),
      30_000,
    )
  })
})
