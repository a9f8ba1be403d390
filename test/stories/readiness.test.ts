import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/pace/clock.ts'
import { eventually } from '../support/eventually.ts'
import { createWorld, repository, type World } from '../support/world.ts'

let world: World

afterEach(() => world.close())

async function warnings(): Promise<readonly string[]> {
  const answer = await fetch(`${world.mayfly().url}/readyz`)
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { warnings: string[] }).warnings
}

/** Waits for a warning; within a minute is what is promised. */
function warns(expected: RegExp | null): Promise<unknown> {
  return eventually(
    async () => {
      const said = await warnings()
      if (expected === null) expect(said).toEqual([])
      else expect(said).toContainEqual(expect.stringMatching(expected))
    },
    { withinMs: 60_000 },
  )
}

/** Both faces ten times as fast, so that a minute is short. */
const begun = Date.now()
const hurried = {
  ...systemClock,
  now: () => new Date(begun + (Date.now() - begun) * 10),
  monotonicMs: () => systemClock.monotonicMs() * 10,
}

describe('law 12: /readyz tells what ails, with its remedy, within a minute, and no longer than it does', () => {
  it('the environment branch is deleted while nothing happens', async () => {
    world = await createWorld({ overrides: { clock: hurried } })
    world.open('cart')
    await world.says(1, 'Deploying')
    const tip = await world.branch.tip()
    await world.branch.git('update-ref', '-d', 'refs/heads/dynamic-envs')
    await warns(/dynamic-envs.*does not exist: create the branch/)
    await world.branch.git('update-ref', 'refs/heads/dynamic-envs', tip)
    await warns(null)
  }, 150_000)

  it.each([
    ['is away', { kind: 'refuse', status: 503, body: 'maintenance' }, /cannot be reached now/],
    ['refuses us', { kind: 'refuse', status: 403, body: 'no' }, /refuses us/],
  ] as const)(
    'its server %s',
    async (_what, verdict, words) => {
      world = await createWorld({ overrides: { clock: hurried } })
      world.open('cart')
      await world.says(1, 'Deploying')
      world.gitGuard = () => verdict
      await warns(words)
      world.gitGuard = () => ({ kind: 'serve' })
      await warns(null)
    },
    150_000,
  )

  it('the clock jumps', async () => {
    const ahead = { ms: 0 }
    const clock = { ...systemClock, now: () => new Date(Date.now() + ahead.ms) }
    world = await createWorld({ overrides: { clock } })
    await warns(null)
    ahead.ms = -3_600_000
    await warns(/set back by 60 min/)
    ahead.ms = 0
    await warns(null)
  })

  it('the breaker holds removals', async () => {
    world = await createWorld({ sweepEvery: '300ms' })
    const numbers = Array.from({ length: 8 }, (_, index) => world.open(`b${index}`))
    await world.manifests(numbers.map((number, index) => `shop-${number}-b${index}.yml`))
    world.forge.webhooks.mode({ kind: 'lose' })
    for (const number of numbers) world.forge.actions.setState(repository, number, 'closed')
    await warns(/held until a human acts.*mayfly sweep --confirm-removals/)
    for (const number of numbers) world.forge.actions.setState(repository, number, 'open')
  })
})
