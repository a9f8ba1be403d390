import { afterEach, describe, expect, it } from 'vitest'
import { testedForges } from '../support/thorough.ts'
import { createWorld, repository, type World } from '../support/world.ts'

describe.each(testedForges)('places on %s', (forge) => {
  let world: World

  afterEach(() => world.close())

  it('the oldest waits first, is served at once when a place comes free, and no restart forgets it', async () => {
    world = await createWorld({ forge, config: 'limits: { total: 2 }\ncommands: {}', sweepEvery: '1h' })
    for (const branch of ['a', 'b', 'c', 'd']) {
      const number = world.open(branch)
      await world.says(
        number,
        number <= 2 ? 'Deploying' : 'Waiting',
        ...(number > 2 ? [`place ${number - 2} of ${number - 2}`] : []),
      )
    }
    await world.manifests(['shop-1-a.yml', 'shop-2-b.yml'])
    await world.says(3, 'all 2 places are taken', 'shop-1-a', '`/preview evict`')
    // An update of what stands takes no place.
    const sha = world.forge.actions.push(repository, 2)
    await world.says(2, 'Deploying', sha.slice(0, 7))
    await world.stop()
    await world.start()
    world.forge.actions.setState(repository, 1, 'merged')
    await world.manifests(['shop-2-b.yml', 'shop-3-c.yml'])
    await world.says(3, 'Deploying')
    // Who waits and ends gives up its place in the queue.
    world.forge.actions.setState(repository, 4, 'closed')
    await world.says(4, 'the merge request was closed')
    world.forge.actions.setState(repository, 2, 'closed')
    await world.manifests(['shop-3-c.yml'])
    expect((await world.branch.commits()).map(({ trailers }) => trailers['Mayfly-Cause'])).toContain('left')
  })

  it('whenFull: refuse says who can do what, and comes again by itself with an event', async () => {
    world = await createWorld({
      forge,
      config: 'limits: { perAuthor: 1, whenFull: refuse }',
      sweepEvery: '1h',
    })
    world.open('a')
    await world.says(1, 'Deploying')
    world.open('b')
    await world.says(2, 'Refused', 'the only place of this author is taken')
    world.forge.actions.setState(repository, 1, 'merged')
    await world.manifests([])
    world.forge.actions.push(repository, 2)
    await world.manifests(['shop-2-b.yml'])
  })
})
