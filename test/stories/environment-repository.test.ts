import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { createWorld, repository, type World } from '../support/world.ts'

const pushes = (path: string, method: string): boolean =>
  method === 'POST' && path.includes('git-receive-pack')

describe('an environment repository that is not alone or not well', () => {
  let world: World
  let stop = new AbortController()

  afterEach(async () => {
    stop.abort()
    await world.close()
  })

  it('law 7: a foreign committer races at random moments: both histories are kept, nothing is forced', {
    timeout: 150_000,
  }, async () => {
    world = await createWorld()
    stop = new AbortController()
    const foreign = commitNowAndThen(world, stop.signal)
    const numbers = Array.from({ length: 30 }, (_, index) => world.open(`branch-${index}`))
    const names = numbers.map((number, index) => `shop-${number}-branch-${index}.yml`)
    await world.manifests(names, 60_000)
    for (const number of numbers) world.forge.actions.setState(repository, number, 'closed')
    await world.manifests([], 60_000)
    stop.abort()
    const foreignCommits = await foreign
    const commits = await world.branch.commits()
    expect(commits.filter(({ author }) => author.startsWith('Somebody '))).toHaveLength(foreignCommits + 1)
    expect(commits.filter(({ subject }) => subject.includes(': create'))).toHaveLength(30)
    expect(commits.filter(({ subject }) => subject.includes(': remove'))).toHaveLength(30)
  })

  it('the connection is cut after the push: no commit twice, none lost', async () => {
    world = await createWorld()
    let cut = 0
    world.gitGuard = (path, method) => {
      if (!pushes(path, method) || cut >= 5) return { kind: 'serve' }
      cut += 1
      return { kind: 'serve-then-drop' }
    }
    for (let number = 1; number <= 5; number += 1) {
      world.open(`b${number}`)
      await world.manifests(
        Array.from({ length: number }, (_, index) => `shop-${index + 1}-b${index + 1}.yml`),
        20_000,
      )
    }
    expect(cut).toBe(5)
    const created = (await world.branch.commits())
      .map(({ subject }) => subject)
      .filter((text) => text.includes('create'))
    expect(created).toHaveLength(5)
  })

  it('the server is down for a while: the comment says so, nothing is lost', async () => {
    world = await createWorld()
    let down = true
    world.gitGuard = () => (down ? { kind: 'refuse', status: 503, body: 'maintenance' } : { kind: 'serve' })
    const number = world.open('cart')
    await world.says(number, 'Waiting')
    down = false
    await world.manifests(['shop-1-cart.yml'], 20_000)
    await world.says(number, 'Deploying')
  })

  it('the branch is protected: the comment has the words of the server, and a mended server is used at the next look', async () => {
    world = await createWorld({ sweepEvery: '500ms' })
    let protect = true
    world.gitGuard = (path) =>
      protect && path.includes('git-receive-pack')
        ? { kind: 'refuse', status: 403, body: 'You are not allowed to push to dynamic-envs' }
        : { kind: 'serve' }
    const number = world.open('cart')
    await world.says(number, 'Failed')
    await world.manifests([])
    protect = false
    await world.manifests(['shop-1-cart.yml'], 20_000)
    await world.says(number, 'Deploying')
  })

  it('law 11: a foreign file under the name of one preview stalls that one alone', async () => {
    world = await createWorld()
    await world.branch.commitForeign({ 'apps/shop-1-cart.yml': 'somebody: else\n' })
    const taken = world.open('cart')
    const free = world.open('free')
    await world.says(taken, 'Failed', 'apps/shop-1-cart.yml', 'left alone')
    await world.says(free, 'Deploying')
    expect(await world.branch.file('apps/shop-1-cart.yml')).toBe('somebody: else\n')
    world.forge.actions.setState(repository, taken, 'closed')
    await world.forge.webhooks.settled()
    const marker = world.open('marker')
    await world.says(marker, 'Deploying')
    expect(await world.branch.file('apps/shop-1-cart.yml')).toBe('somebody: else\n')
  })

  it('somebody deletes or edits our file: the sweep puts it right', async () => {
    world = await createWorld({ sweepEvery: '300ms' })
    world.open('cart')
    await world.manifests(['shop-1-cart.yml'])
    const manifest = await world.branch.file('apps/shop-1-cart.yml')
    await world.branch.commitForeign({ 'apps/shop-1-cart.yml': null })
    await world.manifests(['shop-1-cart.yml'])
    await world.branch.commitForeign({
      'apps/shop-1-cart.yml': manifest.replace('branch: cart', 'branch: edited'),
    })
    await expect.poll(() => world.branch.file('apps/shop-1-cart.yml'), { timeout: 30_000 }).toBe(manifest)
  })

  it('law 13: more removals at once than the breaker allows, without an event each, stop and ask', async () => {
    world = await createWorld({ sweepEvery: '300ms' })
    const numbers = Array.from({ length: 12 }, (_, index) => world.open(`b${index}`))
    const names = numbers.map((number, index) => `shop-${number}-b${index}.yml`)
    await world.manifests(names)
    world.forge.webhooks.mode({ kind: 'lose' })
    for (const number of numbers) world.forge.actions.setState(repository, number, 'closed')
    const left = async (): Promise<number> =>
      (await world.branch.files()).filter((name) => name.startsWith('shop-')).length
    await expect.poll(left, { timeout: 30_000 }).toBe(7)
    const sweeps = () => world.log.lines.filter(({ sentence }) => sentence === 'swept').length
    const before = sweeps()
    await expect.poll(sweeps, { timeout: 30_000 }).toBeGreaterThan(before + 2)
    expect(await left()).toBe(7)
    await world.stop()
    const { loadConfig } = await import('../../src/config/load.ts')
    const { sweepOnce } = await import('../../src/wire/sweep-once.ts')
    const { config } = loadConfig({ path: 'mayfly.yaml', text: world.configText, env: {} })
    const swept = await sweepOnce(config, { confirmRemovals: true, log: world.log })
    expect(swept.open).toEqual([])
    await world.manifests([])
  })
})

/** A commit every 100 ms in the mean, at random moments, sixty at most: on a busy machine it would win every race. */
async function commitNowAndThen(world: World, signal: AbortSignal): Promise<number> {
  let count = 0
  while (!signal.aborted && count < 60) {
    await delay(200 * Math.random())
    await world.branch.commitForeign({ 'infrastructure/counter.txt': `${count}\n` }).then(
      () => (count += 1),
      // Mayfly was faster by a moment: fast-import refuses to lose its commit.
      () => undefined,
    )
  }
  return count
}
