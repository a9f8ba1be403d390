import { RetryLater } from '../../src/preview/errors.ts'
import { type MergeRequestKey, mergeRequestKey } from '../../src/preview/key.ts'
import type { Outcome, Trigger } from '../../src/preview/outcome.ts'
import type { Reconcile } from '../../src/queue/port.ts'

export const settled: Outcome = { kind: 'settled' }

export function waiting(afterMs: number): Outcome {
  return { kind: 'waiting', afterMs, why: 'the test says so' }
}

export function keyOf(number: number): MergeRequestKey {
  return mergeRequestKey({ forge: 'github', repository: 'acme/shop', number })
}

/** A look that a test follows and ends by hand. */
export interface Begun {
  readonly key: MergeRequestKey
  readonly prompt: Trigger
  end(outcome: Outcome): void
  fail(error?: Error): void
}

export interface Reconciles {
  readonly reconcile: Reconcile
  /** In the order they began. */
  readonly begun: readonly Begun[]
  /** Those that have not ended. */
  running(): readonly Begun[]
  /** Most looks at one key at once, ever. */
  mostAtOnce(): number
  /** From now on, and for all that run, looks end like this by themselves. */
  always(ending: (key: MergeRequestKey) => Outcome | Error): void
}

export function createLooks(): Reconciles {
  const begun: Begun[] = []
  const running = new Set<Begun>()
  const book = { most: 0, ending: null as ((key: MergeRequestKey) => Outcome | Error) | null }
  return {
    begun,
    running: () => [...running],
    mostAtOnce: () => book.most,
    always: (ending) => {
      book.ending = ending
      for (const reconcile of running) finish(reconcile, ending(reconcile.key))
    },
    reconcile: (key, prompt) =>
      new Promise((resolve, reject) => {
        const reconcile: Begun = {
          key,
          prompt,
          end: (outcome) => {
            running.delete(reconcile)
            resolve(outcome)
          },
          fail: (error = new RetryLater('the test says so')) => {
            running.delete(reconcile)
            reject(error)
          },
        }
        begun.push(reconcile)
        running.add(reconcile)
        book.most = Math.max(book.most, [...running].filter((other) => other.key === key).length)
        if (book.ending !== null) finish(reconcile, book.ending(key))
      }),
  }
}

function finish(reconcile: Begun, ending: Outcome | Error): void {
  if (ending instanceof Error) reconcile.fail(ending)
  else reconcile.end(ending)
}
