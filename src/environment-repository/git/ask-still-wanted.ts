import { withFallback } from '../../pace/deadline.ts'
import type { Clock } from '../../pace/clock.ts'
import type { Change } from '../port.ts'

export type Answer =
  | { readonly kind: 'wanted' }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'failed'; readonly error: unknown }

/** One change's standing question; kept while it takes long. */
export interface Question {
  readonly answer: Promise<Answer>
  /** Set once it is answered. */
  settled: { readonly answer: Answer; readonly at: number } | undefined
}

const atOnce = 16

export interface Asker {
  ask(change: Change): Question
  /** Waits for the questions that are new, at most `patienceMs`; without new ones, for the first of the old. */
  wait(fresh: readonly Question[], late: readonly Question[], patienceMs: number): Promise<void>
}

/** Asks `stillWanted` of many changes, at most 16 at a time; a slow one does not hold up the others. */
export function createAsker(clock: Clock): Asker {
  const queue: (() => void)[] = []
  let running = 0

  return {
    ask(change) {
      const answer = turn().then(() => put(change).finally(release))
      const question: Question = { answer, settled: undefined }
      void answer.then((given) => {
        question.settled = { answer: given, at: clock.monotonicMs() }
      })
      return question
    },
    async wait(fresh, late, patienceMs) {
      const answers = (questions: readonly Question[]) => questions.map(({ answer }) => answer)
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

async function put(change: Change): Promise<Answer> {
  try {
    return { kind: (await change.stillWanted()) ? 'wanted' : 'dropped' }
  } catch (error) {
    return { kind: 'failed', error }
  }
}
