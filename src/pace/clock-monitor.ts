import type { Clock } from './clock.ts'

/** More than what time servers correct while all is well. */
const JUMP_MS = 60_000

/** Compares what the clock on the wall says with the one that nobody can set, since the process began. */
export function createClockMonitor(clock: Clock): { sentences(): readonly string[] } {
  const began = { wall: clock.now().getTime(), ms: clock.monotonicMs() }
  return {
    sentences() {
      const aheadMs = clock.now().getTime() - began.wall - (clock.monotonicMs() - began.ms)
      if (Math.abs(aheadMs) < JUMP_MS) return []
      const minutes = Math.round(Math.abs(aheadMs) / 60_000)
      const direction = aheadMs > 0 ? 'forward' : 'back'
      return [
        `The clock of this machine was set ${direction} by ${minutes} min since Mayfly began: dates in commits and comments are wrong until it is right again. See whether its time server answers; when the clock is right now, start Mayfly anew.`,
      ]
    },
  }
}
