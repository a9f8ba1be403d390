import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { redisMissing, startRedis, type TestRedis } from '../support/redis.ts'
import { createWorld, repository, type World, type WorldOptions } from '../support/world.ts'

const installations = [
  { forge: 'gitea', queue: 'in-process', skip: null },
  { forge: 'gitea', queue: 'Redis', skip: redisMissing },
  { forge: 'github', queue: 'in-process', skip: null },
  { forge: 'gitlab', queue: 'in-process', skip: null },
] as const

describe.each(installations)('the life of a merge request on $forge, with the queue $queue', (given) => {
  const { forge, queue, skip } = given
  let redis: TestRedis | null = null
  let world: World

  async function begin(options: WorldOptions = {}): Promise<World> {
    if (queue === 'Redis') redis = await startRedis()
    const config = redis === null ? '' : `queue: { redis: '${redis.url}' }`
    world = await createWorld({ ...options, forge, config })
    return world
  }

  beforeEach((context) => {
    if (skip !== null) context.skip(skip)
  })

  afterEach(async () => {
    await world.close()
    await redis?.remove()
    redis = null
  })

  it('opens: the file appears, with author, trailers and the one comment; the status is pending', async () => {
    await begin()
    const number = world.open('feature/login')
    await world.manifests(['shop-1-feature-login.yml'])
    const comment = await world.says(number, 'Deploying', 'https://shop-1-feature-login.preview.acme.dev')
    const sha = world.pull(number).commits.at(-1) ?? ''
    const last = (await world.branch.commits()).at(-1)
    expect(last).toMatchObject({
      author: expect.stringMatching(new RegExp(`^${world.devName} <.*noreply.*>$`)) as string,
      committer: 'Mayfly <mayfly@localhost>',
      subject: `preview shop-1-feature-login: create at ${sha.slice(0, 7)}`,
      trailers: {
        'Mayfly-Preview': 'shop/1',
        'Mayfly-Sha': sha,
        'Mayfly-Cause': 'opened',
        'Mayfly-Merge-Request': world.page(number),
      },
      touched: ['A apps/shop-1-feature-login.yml'],
    })
    expect(comment).toContain(last?.sha.slice(0, 7))
    const manifest = await world.branch.file('apps/shop-1-feature-login.yml')
    expect(manifest).toContain('mayfly.dev/preview: shop/1')
    expect(manifest).toMatch(new RegExp(`mayfly.dev/sha: "?${sha}`))
    await eventually(() => {
      const statuses = world.forge.state.repositories[0]?.statuses.filter((status) => status.sha === sha)
      expect(statuses).toMatchObject([{ context: 'mayfly/shop', state: 'pending' }])
    })
  })

  it('pushes: the same file and comment, at the new commit', async () => {
    await begin()
    const number = world.open('cart')
    await world.manifests(['shop-1-cart.yml'])
    const sha = world.forge.actions.push(repository, number)
    await world.says(number, 'Deploying', sha.slice(0, 7))
    expect(await world.branch.file('apps/shop-1-cart.yml')).toContain(`mayfly.dev/sha: "${sha}"`)
    expect((await world.branch.commits()).at(-1)?.trailers).toMatchObject({
      'Mayfly-Cause': 'pushed',
      'Mayfly-Sha': sha,
    })
  })

  it.each(['closed', 'merged'] as const)(
    'is %s: the file goes and the comment ends as one line',
    async (end) => {
      await begin()
      const number = world.open('cart')
      await world.says(number, 'Deploying')
      world.forge.actions.setState(repository, number, end)
      await world.manifests([])
      const comment = await world.says(number, 'Removed', `the merge request was ${end}`, '1 deploy')
      expect(comment.split('\n').filter((line) => line !== '' && !line.startsWith('<!--'))).toHaveLength(1)
      expect((await world.branch.commits()).at(-1)).toMatchObject({
        subject: `preview shop-1-cart: remove: ${end}`,
        trailers: { 'Mayfly-Cause': end, 'Mayfly-Sha': world.pull(number).commits.at(-1) },
      })
    },
  )

  it('reopens: the same name, the same comment', async () => {
    await begin()
    const number = world.open('cart')
    await world.manifests(['shop-1-cart.yml'])
    world.forge.actions.setState(repository, number, 'closed')
    await world.manifests([])
    world.forge.actions.setState(repository, number, 'open')
    await world.manifests(['shop-1-cart.yml'])
    await world.says(number, 'Deploying')
    expect((await world.branch.commits()).at(-1)?.trailers).toMatchObject({ 'Mayfly-Cause': 'reopened' })
  })

  it('renames its branch: the old file is replaced in one commit', async () => {
    await begin()
    const number = world.open('cart')
    await world.manifests(['shop-1-cart.yml'])
    world.forge.actions.renameBranch(repository, number, 'basket')
    world.forge.actions.push(repository, number)
    await world.manifests(['shop-1-basket.yml'])
    const last = (await world.branch.commits()).at(-1)
    expect(last?.touched.join()).toMatch(/shop-1-cart\.yml/)
    expect(last?.touched.join()).toMatch(/shop-1-basket\.yml/)
  })

  it('loses its label, its target or its readiness: the preview goes; it comes back: so does the preview', async () => {
    await begin({
      application: 'when: { labels: { all: [preview] }, targetBranches: [main], drafts: false }',
    })
    const { actions } = world.forge
    const number = world.open('cart', { labels: ['preview'] })
    await world.manifests(['shop-1-cart.yml'])
    actions.label(repository, number, [])
    await world.manifests([])
    await world.says(number, 'Removed', 'it does not have the label preview')
    actions.label(repository, number, ['preview'])
    await world.manifests(['shop-1-cart.yml'])
    actions.edit(repository, number, { targetBranch: 'legacy' })
    await world.manifests([])
    actions.edit(repository, number, { targetBranch: 'main' })
    await world.manifests(['shop-1-cart.yml'])
    actions.setDraft(repository, number, true)
    await world.manifests([])
    actions.setDraft(repository, number, false)
    await world.manifests(['shop-1-cart.yml'])
  })

  it('comes from a fork: refused in two lines, nothing is written', async () => {
    await begin()
    const number = world.open('cart', { source: 'fork' })
    await world.says(number, 'Refused', 'comes from a fork', 'A maintainer may')
    await world.manifests([])
    expect(await world.branch.commits()).toHaveLength(1)
  })

  it('law 6: a second look does nothing: no commit, no comment edit, no status', async () => {
    await begin()
    const number = world.open('cart')
    await world.says(number, 'Deploying')
    await eventually(() => (world.forge.state.repositories[0]?.statuses.length ?? 0) > 0)
    const commits = await world.branch.commits()
    const before = JSON.stringify([world.pull(number).comments, world.forge.state.repositories[0]?.statuses])
    await world.stop()
    await world.start()
    world.forge.actions.label(repository, number, ['unrelated'])
    await world.forge.webhooks.settled()
    const other = world.open('other')
    await world.says(other, 'Deploying')
    expect(await world.branch.commits()).toHaveLength(commits.length + 1)
    const statuses = world.forge.state.repositories[0]?.statuses.filter(
      ({ sha }) => sha !== world.pull(other).commits[0],
    )
    expect(JSON.stringify([world.pull(number).comments, statuses])).toBe(before)
  })

  it('is closed while its creation is under way: nothing stays behind', async () => {
    await begin()
    const number = world.open('cart')
    world.forge.actions.setState(repository, number, 'closed')
    await world.forge.webhooks.settled()
    const marker = world.open('marker')
    await world.says(marker, 'Deploying')
    await world.manifests(['shop-2-marker.yml'])
  })
})
