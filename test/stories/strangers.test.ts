import { afterEach, describe, expect, it } from 'vitest'
import { testedForges } from '../support/thorough.ts'
import { eventually } from '../support/eventually.ts'
import { createWorld, type World } from '../support/world.ts'

const words = 'returned error: 403'

describe.each(testedForges)('K14: what a stranger may read, on %s', (kind) => {
  let world: World

  afterEach(() => world.close())

  async function begin(isPublic: boolean, report = ''): Promise<void> {
    world = await createWorld({ forge: kind, autostart: false, config: report })
    const [repository] = world.forge.state.repositories
    if (repository !== undefined) repository.isPublic = isPublic
    world.gitGuard = (url) =>
      url.includes('receive-pack') ? { kind: 'refuse', status: 403 } : { kind: 'serve' }
    await world.start()
    // Which repositories strangers may read, some forges tell only in the list of the first sweep.
    await eventually(() => {
      expect(world.log.lines.some(({ sentence }) => sentence.startsWith('swept'))).toBe(true)
    })
  }

  /** All that is published: the comment and the statuses. */
  function published(): string {
    return JSON.stringify([world.comments(1), world.forge.state.repositories[0]?.statuses])
  }

  const address = (): string => /environments[^/]*\.git/.exec(world.configText)?.[0] ?? 'no address'

  it.each([
    ['a public source repository', true, ''],
    ['a private one, when told so', false, 'report: { details: brief }'],
  ])(
    '%s: neither the address of the environment repository nor the words of its server',
    async (_of, isPublic, report) => {
      await begin(isPublic, report)
      const number = world.open('work')
      await world.says(number, 'Failed', 'the environment repository refuses the change')
      await eventually(() => {
        expect(world.forge.state.repositories[0]?.statuses.at(-1)?.state).toMatch(/^fail/)
      })
      expect(published()).not.toContain(words)
      expect(published()).not.toContain(address())
      // Whoever operates Mayfly has all of it.
      expect(JSON.stringify(world.log.lines)).toContain(words)
      const api = await (await fetch(`${world.mayfly().url}/api/previews`)).text()
      expect(api).toContain(words)
    },
  )

  it.each([
    ['a private source repository', false, ''],
    ['a public one, when told so', true, 'report: { details: full }'],
  ])('%s: the words of the server', async (_of, isPublic, report) => {
    await begin(isPublic, report)
    await world.says(world.open('work'), 'Failed', words)
  })
})
