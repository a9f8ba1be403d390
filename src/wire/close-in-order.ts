import type { Clock } from '../pace/clock.ts'

interface Closing {
  readonly server: { close(deadlineMs: number): Promise<void> }
  readonly sweeper: { stop(): Promise<void> }
  readonly queue: { stop(deadlineMs: number): Promise<void> }
  readonly publisher: { stop(deadlineMs: number): Promise<void> }
  readonly agent: { close(): Promise<void> }
  readonly repository: { close(): Promise<void> }
  readonly clock: Clock
}

/** Along the path, door first: each station ends what the one before it still handed over, all within one deadline. */
export function closeInOrder(closing: Closing): (deadlineMs: number) => Promise<void> {
  return async (deadlineMs) => {
    const end = closing.clock.monotonicMs() + deadlineMs
    const left = (): number => Math.max(0, end - closing.clock.monotonicMs())
    await closing.server.close(Math.min(left(), 2_000))
    await closing.sweeper.stop()
    await closing.queue.stop(left())
    await closing.publisher.stop(left())
    await closing.agent.close()
    await closing.repository.close()
  }
}
