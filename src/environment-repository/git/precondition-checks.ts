import { withFallback } from '../../pace/deadline.ts'
import type { Clock } from '../../pace/clock.ts'
import type { Change } from '../port.ts'

export type PreconditionResult =
  | { readonly kind: 'wanted' }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'failed'; readonly error: unknown }

/** One change's standing question; kept while it takes long. */
export interface PreconditionCheck {
  readonly result: Promise<PreconditionResult>
  /** Set once it is answered. */
  settled: { readonly answer: PreconditionResult; readonly at: number } | undefined
}

const atOnce = 16

export interface PreconditionChecks {
  start(change: Change): PreconditionCheck
  /** Waits for the questions that are new, at most `patienceMs`; without new ones, for the first of the old. */
  wait(
    fresh: readonly PreconditionCheck[],
    late: readonly PreconditionCheck[],
    patienceMs: number,
  ): Promise<void>
}

/** Asks `stillWanted` of many changes, at most 16 at a time; a slow one does not hold up the others. */
export function createPreconditionChecks(clock: Clock): PreconditionChecks {
  const queue: (() => void)[] = []
  let running = 0

  return {
    start(change) {
      const answer = turn().then(() => put(change).finally(release))
      const question: PreconditionCheck = { result: answer, settled: undefined }
      void answer.then((given) => {
        question.settled = { answer: given, at: clock.monotonicMs() }
      })
      return question
    },
    async wait(fresh, late, patienceMs) {
      const answers = (questions: readonly PreconditionCheck[]) =>
        questions.map(({ result: answer }) => answer)
      const enough = fresh.length > 0 ? Promise.all(answers(fresh)) : Promise.race(answers(late))
      await withFallback<unknown>(enough, { ms: patienceMs, clock, fallback: () => undefined })
      // One turn more, so that `settled` is set for all that are answered.
      await Promise.resolve()
    },
  }

  function turn(): Promise<void> {
    if (running < atOnce) {
      running++
      return Promise.resolve()
    }
    return new Promise((resolve) => {
      queue.push(resolve)
    })
  }

  function release(): void {
    const next = queue.shift()
    if (next === undefined) running--
    else next()
  }
}

async function put(change: Change): Promise<PreconditionResult> {
  try {
    return { kind: (await change.stillWanted()) ? 'wanted' : 'dropped' }
  } catch (error) {
    return { kind: 'failed', error }
  }
}
