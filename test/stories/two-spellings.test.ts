import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { createWorld, repository, type World } from '../support/world.ts'

/** The same repository once more, by another name. */
function second(forge: string, name: string): string {
  return `  - name: api
    forge: ${forge}
    repository: ${name}
    template: preview.yaml.hbs
    url: https://{{name}}.preview.acme.dev`
}

describe('K1: one repository under two names has one key and one comment', () => {
  let world: World

  afterEach(() => world.close())

  async function speaksOfBoth(number: number, sha: string): Promise<void> {
    await eventually(() => {
      expect(world.comments(number)).toHaveLength(1)
      expect(world.comments(number)[0]).toContain('`shop`')
      expect(world.comments(number)[0]).toContain('`api`')
      expect(world.comments(number)[0]).toContain(sha.slice(0, 7))
    })
  }

  it.each([
    { names: 'its path and its number', forge: 'gitlab' as const, rename: false },
    { names: 'the old name and the new one', forge: 'gitlab' as const, rename: true },
    { names: 'the old name and the new one', forge: 'gitea' as const, rename: true },
    { names: 'the old name and the new one', forge: 'github' as const, rename: true },
  ])('$names on $forge, also after a restart', async ({ forge, rename }) => {
    // The first repository of a stand-in.
    world = await createWorld({ forge, autostart: false, config: second(forge, rename ? 'acme/store' : '1') })
    if (rename) world.forge.actions.renameRepository(repository, 'acme/store')
    else expect(world.forge.state.repositories[0]?.id).toBe(1)
    await world.start()
    const name = rename ? 'acme/store' : repository
    const { number } = world.forge.actions.openMergeRequest(name, { branch: 'work', author: world.dev })
    await world.manifests([`api-${number}-work.yml`, `shop-${number}-work.yml`])
    const sha = world.forge.actions.push(name, number)
    await speaksOfBoth(number, sha)
    const edits = (): number => world.forge.state.repositories[0]?.mergeRequests[0]?.comments.length ?? 0
    const text = world.comments(number)[0]
    for (let restart = 0; restart < 2; restart++) {
      await world.stop()
      await world.start()
      const other = world.forge.actions.openMergeRequest(name, {
        branch: `later-${restart}`,
        author: world.dev,
      })
      await speaksOfBoth(other.number, other.commits.at(-1) ?? '')
      expect(world.comments(number)[0]).toBe(text)
    }
    expect(edits()).toBe(1)
    world.forge.actions.setState(name, number, 'merged')
    await eventually(async () => {
      expect((await world.branch.files()).filter((file) => file.includes(`-${number}-work`))).toEqual([])
    })
  })
})
