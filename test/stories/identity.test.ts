import { afterEach, describe, expect, it } from 'vitest'
import { repositoryNamed } from '../../src/sandbox/forge/state.ts'
import { testedForges } from '../support/thorough.ts'
import { eventually } from '../support/eventually.ts'
import { createWorld, repository, type World } from '../support/world.ts'

let world: World

afterEach(() => world.close())

async function warnings(): Promise<readonly string[]> {
  const answer = await fetch(`${world.mayfly().url}/readyz`)
  return ((await answer.json()) as { warnings: string[] }).warnings
}

describe.each(testedForges)('law 3: a name that somebody takes over, on %s', (forge) => {
  it('gives a stranger nothing and takes nothing away; /readyz names both numbers', async () => {
    world = await createWorld({ forge, sweepEvery: '1s' })
    const { actions, state } = world.forge
    world.open('work')
    await world.manifests(['shop-1-work.yml'])
    const manifest = await world.branch.file('apps/shop-1-work.yml')
    const own = repositoryNamed(state, repository).id
    actions.renameRepository(repository, 'acme/store')
    const strangers = actions.createRepository(repository)
    // A name that is taken again leads to its new owner.
    for (const branch of ['work', 'miner'])
      actions.openMergeRequest(repository, { branch, author: world.dev })
    await eventually(
      async () => {
        expect(await warnings()).toContainEqual(
          expect.stringMatching(new RegExp(`number ${strangers.id} .*number ${own}:.*repositoryId`)),
        )
      },
      { withinMs: 20_000 },
    )
    await world.forge.webhooks.settled()
    expect(await world.branch.file('apps/shop-1-work.yml')).toBe(manifest)
    expect((await world.branch.files()).filter((file) => file.startsWith('shop-'))).toEqual([
      'shop-1-work.yml',
    ])
  })
})
