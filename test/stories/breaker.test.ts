import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/pace/clock.ts'
import { eventually } from '../support/eventually.ts'
import { createWorld, repository, type World } from '../support/world.ts'

let world: World

afterEach(() => world.close())

async function standing(): Promise<number> {
  return (await world.branch.files()).filter((name) => name.startsWith('shop-')).length
}

/** Waits until this many sweeps more were complete, and nothing goes any more. */
async function afterSweeps(count: number): Promise<void> {
  const sweeps = () => world.log.lines.filter(({ sentence }) => sentence === 'swept').length
  const before = sweeps()
  await eventually(
    () => {
      expect(sweeps()).toBeGreaterThanOrEqual(before + count)
    },
    { withinMs: 30_000 },
  )
}

async function closeAllUnheard(numbers: readonly number[]): Promise<void> {
  world.forge.webhooks.mode({ kind: 'lose' })
  for (const number of numbers) world.forge.actions.setState(repository, number, 'closed')
  await Promise.resolve()
}

async function openMany(count: number): Promise<readonly number[]> {
  const numbers = Array.from({ length: count }, (_, index) => world.open(`b${index}`))
  await world.manifests(numbers.map((number, index) => `shop-${number}-b${index}.yml`))
  return numbers
}

describe('law 13: what the breaker knows outlives the process', () => {
  it('five go, the rest is held through every restart, and the branch tells which', async () => {
    world = await createWorld({ sweepEvery: '300ms' })
    const numbers = await openMany(14)
    await closeAllUnheard(numbers)
    await eventually(
      async () => {
        expect(await standing()).toBe(9)
      },
      { withinMs: 30_000 },
    )
    for (let restart = 0; restart < 3; restart += 1) {
      await world.stop()
      await world.start()
      world.forge.webhooks.mode({ kind: 'lose' })
      await afterSweeps(3)
      expect(await standing()).toBe(9)
    }
    const commits = await world.branch.commits()
    const holds = commits.filter(({ trailers }) => trailers['Mayfly-Cause'] === 'held')
    expect(new Set(holds.map(({ trailers }) => trailers['Mayfly-Preview'])).size).toBe(holds.length)
    expect(holds).toHaveLength(9)
    expect(holds[0]).toMatchObject({
      touched: [],
      subject: expect.stringContaining('hold its removal') as string,
    })
  })

  it('a removal that a clock dated in the future does not make room for others', async () => {
    const ahead = { ms: 3_600_000 }
    const clock = { ...systemClock, now: () => new Date(Date.now() + ahead.ms) }
    world = await createWorld({ sweepEvery: '300ms', overrides: { clock } })
    const numbers = await openMany(12)
    await closeAllUnheard(numbers.slice(0, 1))
    await eventually(
      async () => {
        expect(await standing()).toBe(11)
      },
      { withinMs: 30_000 },
    )
    ahead.ms = 0
    await world.stop()
    await world.start()
    await closeAllUnheard(numbers.slice(1))
    await afterSweeps(4)
    expect(await standing()).toBe(7)
  })
})
