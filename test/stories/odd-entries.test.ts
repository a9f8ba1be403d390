import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { createWorld, repository, type World } from '../support/world.ts'

let world: World

afterEach(() => world.close())

/** What somebody, or a merge of theirs, can put at a path. `mode` and the bytes, or the commit of a submodule. */
const entries = {
  'a link': { mode: '120000', bytes: '../infrastructure/ingress.yaml' },
  'a submodule': { mode: '160000', bytes: null },
  'an executable of somebody else': { mode: '100755', bytes: 'kind: ConfigMap\n' },
  'what is no UTF-8': { mode: '100644', bytes: Buffer.from([0xff, 0xfe, 0x00]) },
  'what is no YAML': { mode: '100644', bytes: 'a: [\n' },
  nothing: { mode: '100644', bytes: '' },
  'more than a megabyte': { mode: '100644', bytes: `# ${'x'.repeat(1024 * 1024 + 1)}\n` },
  'fifty megabytes': { mode: '100644', bytes: `# ${'x'.repeat(50 * 1024 * 1024)}\n` },
  'ours with another document before it': { mode: '100644', bytes: 'kind: List\n---\nkind: ConfigMap\n' },
} as const

type Entry = (typeof entries)[keyof typeof entries]

async function put(path: string, { mode, bytes }: Entry): Promise<void> {
  await world.branch.put(path, mode, bytes === null ? null : Buffer.from(bytes as string))
}

async function warnings(): Promise<readonly string[]> {
  const answer = await fetch(`${world.mayfly().url}/readyz`)
  return ((await answer.json()) as { warnings: string[] }).warnings
}

describe.each(Object.entries(entries))('law 11: %s on the branch', (_name, entry) => {
  it('beside the previews is left as it is, and holds nobody up', async () => {
    world = await createWorld()
    world.open('first')
    await world.says(1, 'Deploying')
    await put('apps/vendored.yml', entry)
    const before = await world.branch.entry('apps/vendored.yml')
    const second = world.open('second')
    await world.says(second, 'Deploying')
    world.forge.actions.setState(repository, 1, 'merged')
    await world.says(1, 'Removed')
    expect(await world.branch.entry('apps/vendored.yml')).toBe(before)
    // One that has just started sees the same.
    await world.stop()
    await world.start()
    const third = world.open('third')
    await world.says(third, 'Deploying')
    expect(await world.branch.entry('apps/vendored.yml')).toBe(before)
  })

  it('in the place of a manifest is not taken for its absence', async () => {
    world = await createWorld({ sweepEvery: '1s' })
    const number = world.open('feature/one')
    await world.says(number, 'Deploying')
    const path = 'apps/shop-1-feature-one.yml'
    await put(path, entry)
    const before = await world.branch.entry(path)
    const other = world.open('other')
    await world.says(other, 'Deploying')
    world.forge.actions.setState(repository, number, 'merged')
    await world.says(number, 'Failed', 'apps/shop-1-feature-one.yml', 'mayfly.dev/preview: shop/1')
    expect(await world.branch.entry(path)).toBe(before)
    await eventually(async () => {
      expect(await warnings()).toContainEqual(expect.stringMatching(/^apps\/shop-1-feature-one\.yml is kept/))
    })
    await world.branch.put(path, null, null)
    await world.says(number, 'Removed')
    await eventually(async () => {
      expect(await warnings()).toEqual([])
    })
  })
})

describe('law 11: our own manifest', () => {
  it.each([
    ['executable', '100755', (content: string) => content],
    [
      'without our annotation',
      '100644',
      (content: string) => content.replace(/.*mayfly.dev\/preview:.*\n/, ''),
    ],
    [
      'with that of another',
      '100644',
      (content: string) => content.replace('preview: shop/1', 'preview: shop/2'),
    ],
  ] as const)(
    'made %s by hand: what is true of it does not depend on when Mayfly was started',
    async (how, mode, edit) => {
      world = await createWorld()
      const number = world.open('feature/one')
      await world.says(number, 'Deploying')
      const path = 'apps/shop-1-feature-one.yml'
      await world.branch.put(path, mode, Buffer.from(edit(await world.branch.file(path))))
      const states: string[] = []
      for (const restart of [false, true]) {
        if (restart) {
          await world.stop()
          await world.start()
        }
        const other = world.open(`other-${String(restart)}`)
        await world.says(other, 'Deploying')
        world.forge.actions.setState(repository, number, 'merged')
        await eventually(
          () => {
            expect(world.comments(number)[0]).toMatch(/Removed|Failed/)
          },
          { withinMs: 20_000 },
        )
        states.push(/Removed|Failed/.exec(world.comments(number)[0] ?? '')?.[0] ?? '')
      }
      expect(states).toEqual(how === 'executable' ? ['Removed', 'Removed'] : ['Failed', 'Failed'])
      if (how === 'executable') expect(await world.branch.entry(path)).toBe('')
    },
  )
})
