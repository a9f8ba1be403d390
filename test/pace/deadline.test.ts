import { expect, it } from 'vitest'
import { withDeadline, withFallback } from '../../src/pace/deadline.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

const late = () => new Error('too late')

it('gives what the work gives, or its error', async () => {
  const clock = createVirtualClock()
  await expect(withDeadline(Promise.resolve(1), { ms: 5, clock, late })).resolves.toBe(1)
  await expect(withDeadline(Promise.reject(new Error('x')), { ms: 5, clock, late })).rejects.toThrow('x')
})

it('law 14: rejects after its time, wherever the wall clock is set to meanwhile', async () => {
  const clock = createVirtualClock()
  const call = withDeadline(new Promise(() => undefined), { ms: 5_000, clock, late })
  const ended = call.catch((error: unknown) => String(error))
  clock.setBack(3_600_000)
  await clock.advance(5_000)
  expect(await ended).toBe('Error: too late')
})

it('gives the fallback after its time, and hears nothing of how the work ends', async () => {
  const clock = createVirtualClock()
  const work = Promise.withResolvers<number>()
  const given = withFallback(work.promise, { ms: 5_000, clock, fallback: () => 0 })
  await clock.advance(5_000)
  expect(await given).toBe(0)
  work.reject(new Error('much later'))
})
