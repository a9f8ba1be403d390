import { redisReason } from './redis.ts'
import { unlessMoved } from './bullmq-add.ts'
import type { BullmqContext } from './bullmq-context.ts'

/** NTP corrects less than this unnoticed, and a key may be late by as much. */
const toleratedMs = 2_000

/**
 * BullMQ keeps in Redis at what time of day a key comes back. When the clock is set back, that would be so much later: all
 * that waits for its time comes at once instead, because a pass that comes too early does no harm. Ends with `over`.
 */
export async function hurryAfterSetBack(context: BullmqContext, over: AbortSignal): Promise<void> {
  const { clock, timings, log } = context
  const offsetMs = (): number => clock.now().getTime() - clock.monotonicMs()
  let before = offsetMs()
  while (await slept(clock.sleep(timings.clockCheckMs, over))) {
    const now = offsetMs()
    const setBackMs = Math.round(before - now)
    if (setBackMs < toleratedMs) {
      before = now
      continue
    }
    try {
      await promoteDelayed(context)
      before = now
      log.warn({ setBackMs }, 'the clock was set back: what waits for its time comes at once')
    } catch (error) {
      // Tried again at the next check.
      log.debug({ reason: redisReason(error) }, 'the clock was set back, and Redis does not answer')
    }
  }
}

function slept(sleep: Promise<void>): Promise<boolean> {
  return sleep.then(
    () => true,
    () => false,
  )
}

/** One by one, because BullMQ's own `promoteJobs` forgets their priorities. */
async function promoteDelayed({ queue }: BullmqContext): Promise<void> {
  for (const job of await queue.getDelayed()) await unlessMoved(job.promote())
}
