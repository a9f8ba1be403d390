import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CommitSha } from '../../src/preview/brand.ts'
import { eventually } from '../support/eventually.ts'
import { createWorld, repository, type World } from '../support/world.ts'

/** Its host label is longer than DNS takes. */
const long = 'a-branch-with-a-name-that-is-far-too-long-for-one-label-of-a-host'

describe('K1: a status belongs to a commit, and speaks for what still stands there', () => {
  let world: World
  let sha: CommitSha

  beforeEach(async () => {
    world = await createWorld({ url: 'https://shop-{{slug}}.preview.acme.dev' })
    expect(world.open(long)).toBe(1)
    await world.says(1, 'Failed')
    sha = world.pull(1).commits.at(-1) as CommitSha
    await status('failure', 'Failed')
  })

  afterEach(() => world.close())

  async function status(state: string, words: string): Promise<void> {
    await eventually(() => {
      const all = world.forge.state.repositories[0]?.statuses ?? []
      const newest = all.filter((one) => one.sha === sha && one.context === 'mayfly/shop').at(-1)
      expect(newest).toMatchObject({ state, description: expect.stringContaining(words) as string })
    })
  }

  it('the one that ends leaves no failure behind', async () => {
    world.forge.actions.setState(repository, 1, 'closed')
    await status('success', 'Ended')
  })

  it('says what stands for another merge request with that commit, once the failed one has ended', async () => {
    world.open('work')
    await world.says(2, 'Deploying')
    world.forge.actions.push(repository, 2, sha)
    await world.says(2, 'Deploying', sha.slice(0, 7))
    // The gravest word of both.
    await status('failure', 'Failed')
    world.forge.actions.setState(repository, 1, 'closed')
    await status('pending', 'Deploying')
    world.forge.actions.setState(repository, 2, 'merged')
    await status('success', 'Ended')
  })
})
