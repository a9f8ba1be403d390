import { afterEach, describe, expect, it } from 'vitest'
import { commitSha } from '../../src/preview/brand.ts'
import { testedForges } from '../support/thorough.ts'
import { createWorld, repository, type World } from '../support/world.ts'

describe.each(testedForges)('webhooks of %s that do not come as they should', (forge) => {
  let world: World

  afterEach(() => world.close())

  it('lost: the sweep finds what opened, what was pushed and what ended', async () => {
    world = await createWorld({ forge, sweepEvery: '200ms' })
    world.forge.webhooks.mode({ kind: 'lose' })
    const number = world.open('cart')
    await world.manifests(['shop-1-cart.yml'])
    const sha = world.forge.actions.push(repository, number)
    await world.says(number, sha.slice(0, 7))
    world.forge.actions.setState(repository, number, 'closed')
    await world.manifests([])
    await world.says(number, 'Removed')
    expect((await world.branch.commits()).slice(1).map(({ trailers }) => trailers['Mayfly-Cause'])).toEqual([
      'sweep',
      'sweep',
      'sweep',
    ])
  })

  it('lost, of one that never had a preview: the sweep finds that it ended, and nothing blocks any more', async () => {
    world = await createWorld({ forge, sweepEvery: '200ms', template: 'kind: Secret\n' })
    world.forge.webhooks.mode({ kind: 'lose' })
    const number = world.open('cart')
    await world.says(number, 'Refused')
    world.forge.actions.setState(repository, number, 'closed')
    await world.says(number, 'closed')
    expect(world.comments(number)[0]).not.toContain('Refused')
  })

  it('duplicated: one commit each', async () => {
    world = await createWorld({ forge })
    world.forge.webhooks.mode({ kind: 'duplicate' })
    const number = world.open('cart')
    await world.manifests(['shop-1-cart.yml'])
    world.forge.actions.setState(repository, number, 'closed')
    await world.manifests([])
    await world.says(number, 'Removed')
    await world.forge.webhooks.settled()
    expect(await world.branch.commits()).toHaveLength(3)
    expect(world.comments(number)).toHaveLength(1)
  })

  it('out of order and late: the last state wins, whatever an event says', async () => {
    world = await createWorld({ forge })
    world.forge.webhooks.mode({ kind: 'reorder' })
    const number = world.open('cart')
    world.forge.actions.push(repository, number)
    world.forge.actions.setState(repository, number, 'closed')
    world.forge.actions.setState(repository, number, 'open')
    const sha = world.forge.actions.push(repository, number)
    const other = world.open('other')
    world.forge.actions.setState(repository, other, 'closed')
    world.forge.webhooks.mode({ kind: 'prompt' })
    await world.forge.webhooks.settled()
    await world.manifests(['shop-1-cart.yml'])
    await world.says(number, 'Deploying', sha.slice(0, 7))
  })

  it('law 1: only reconcile acts: an event about a merge request that does not exist writes nothing', async () => {
    world = await createWorld({ forge })
    const number = world.open('cart')
    await world.manifests(['shop-1-cart.yml'])
    const [source] = world.forge.state.repositories
    const pull = world.pull(number)
    // The forge says closed in the event, open when asked: only what it says when asked counts.
    pull.state = 'closed'
    world.forge.actions.edit(repository, number, { title: 'closed?' })
    pull.state = 'open'
    await world.forge.webhooks.settled()
    const marker = world.open('marker')
    await world.says(marker, 'Deploying')
    await world.manifests(['shop-1-cart.yml', 'shop-2-marker.yml'])
    expect(source?.mergeRequests).toHaveLength(2)
  })

  it('about a commit: what CI says wakes the merge request whose head it was, and nobody else', async () => {
    world = await createWorld({ forge })
    const number = world.open('cart')
    await world.says(number, 'Deploying')
    const [sha] = world.pull(number).commits
    // Nobody tells of this push.
    const pushed = commitSha('b'.repeat(40))
    world.pull(number).commits.push(pushed)
    const taken = () =>
      world.log.lines.filter(({ sentence }) => sentence === 'webhook taken').map(({ facts }) => facts)
    const before = taken().length
    world.forge.actions.setCheck(repository, 'c'.repeat(40), { name: 'build', state: 'success' })
    world.forge.actions.setCheck(repository, sha ?? '', { name: 'build', state: 'success' })
    await world.says(number, pushed.slice(0, 7))
    const event = forge === 'gitlab' ? 'check' : 'status'
    const mergeRequest = `${forge}:acme/shop#${number}`
    expect(taken().slice(before)).toMatchObject([{ event, mergeRequest }])
  })

  it('the repository was renamed: events under the new name still find the application, by the number of the repository', async () => {
    world = await createWorld({ forge })
    const number = world.open('cart')
    await world.says(number, 'Deploying')
    world.forge.actions.renameRepository(repository, 'acme/store')
    const sha = world.forge.actions.push('acme/store', number)
    await world.says(number, sha.slice(0, 7))
    world.forge.actions.setState('acme/store', number, 'merged')
    await world.manifests([])
  })

  it('law 3: another repository under the old name is no answer about this merge request', async () => {
    world = await createWorld({ forge, sweepEvery: '200ms' })
    const number = world.open('cart')
    await world.says(number, 'Deploying')
    const [source] = world.forge.state.repositories
    if (source !== undefined) source.fullName = 'acme/elsewhere'
    world.forge.actions.createRepository(repository)
    const sweeps = () => world.log.lines.filter(({ sentence }) => sentence === 'swept').length
    const before = sweeps()
    await expect.poll(sweeps, { timeout: 30_000 }).toBeGreaterThan(before + 3)
    await world.manifests(['shop-1-cart.yml'])
  })
})
