import { expect, it } from 'vitest'
import { singleFlight } from '../../src/pace/single-flight.ts'

it('a shared answer never began before it was asked for', async () => {
  const gates: ((value: number) => void)[] = []
  const ask = singleFlight(() => new Promise<number>((resolve) => gates.push(resolve)))
  const first = ask()
  const [second, third] = [ask(), ask()]
  expect(gates).toHaveLength(1)
  gates[0]?.(1)
  expect(await first).toBe(1)
  await Promise.resolve()
  gates[1]?.(2)
  expect(await Promise.all([second, third])).toEqual([2, 2])
  expect(gates).toHaveLength(2)
})
