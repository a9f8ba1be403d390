import type { MergeRequestExplanation } from '../lifecycle/explanation.ts'
import { explanationLines } from '../lifecycle/explanation-lines.ts'
import { createBoundedMap } from '../pace/bounded-map.ts'
import { createTokenBucket } from '../pace/token-bucket.ts'
import { RetryLater, Stalled } from '../preview/errors.ts'
import type { MergeRequestKey } from '../preview/key.ts'
import type { PreviewId } from '../preview/preview-id.ts'
import { type Explained, explainMergeRequest, type ExplainOptions } from './explain-merge-request.ts'

/** Answers people who ask why. */
export interface WhyDesk {
  /** `preview` null: all previews of the merge request. */
  ask(key: MergeRequestKey, preview: PreviewId | null): Promise<WhyAnswer>
}

/** An explanation, and the same as lines for a terminal. */
export interface ToldExplanation extends MergeRequestExplanation {
  readonly text: readonly string[]
}

/** `later`: what is asked does not answer, or too many ask. `failed`: a human must act first. */
export type WhyAnswer =
  | { readonly kind: 'explained'; readonly explanation: ToldExplanation }
  | { readonly kind: 'unknown'; readonly why: string }
  | { readonly kind: 'later'; readonly why: string; readonly afterMs: number }
  | { readonly kind: 'failed'; readonly why: string }

/** Each question costs calls at the forge, of the same budget that passes live of. */
const sharedMs = 2_000
const mostShared = 1_000
const pace = { perMinute: 30, burst: 20 }
const usualPauseMs = 10_000

interface Shared {
  readonly answer: Promise<Answer>
  /** When it was there; null: it is still asked for. */
  atMs: number | null
}

type Answer = Explained | Extract<WhyAnswer, { kind: 'later' | 'failed' }>

/** One answer for all who ask about a merge request within 2 s, and 30 questions a minute. Secrets are taken out of every text. */
export function createWhyDesk(
  options: ExplainOptions & { readonly redact: (text: string) => string },
): WhyDesk {
  const { clock } = options.ports
  const bucket = createTokenBucket({ ...pace, clock })
  const shared = createBoundedMap<MergeRequestKey, Shared>(mostShared)

  function answerTo(key: MergeRequestKey): Promise<Answer> {
    const known = shared.get(key)
    if (known !== undefined && (known.atMs === null || clock.monotonicMs() - known.atMs < sharedMs))
      return known.answer
    const waitMs = bucket.waitMs()
    if (waitMs > 0) return Promise.resolve(tooMany(waitMs))
    void bucket.take()
    const made: Shared = { answer: explainOrWord(options, key), atMs: null }
    shared.set(key, made)
    void made.answer
      .finally(() => {
        made.atMs = clock.monotonicMs()
      })
      .catch(() => undefined)
    return made.answer
  }

  return {
    async ask(key, preview) {
      const answer = withoutSecrets(await answerTo(key), options.redact)
      if (answer.kind !== 'explained') return answer
      const { explanation } = answer
      const previews = explanation.previews.filter((one) => preview === null || one.preview === preview)
      const told = { ...explanation, previews }
      return { kind: 'explained', explanation: { ...told, text: explanationLines(told) } }
    },
  }
}

/** Of the two kinds of errors that a pass knows; a fault of ours is thrown on. */
async function explainOrWord(options: ExplainOptions, key: MergeRequestKey): Promise<Answer> {
  try {
    return await explainMergeRequest(options, key)
  } catch (error) {
    if (error instanceof RetryLater)
      return {
        kind: 'later',
        why: error.brief ?? error.message,
        afterMs: error.retryAfterMs ?? usualPauseMs,
      }
    if (error instanceof Stalled) return { kind: 'failed', why: error.brief ?? error.message }
    throw error
  }
}

function tooMany(afterMs: number): Answer {
  return { kind: 'later', why: 'too many questions at once: each asks the forge anew', afterMs }
}

/** Every string in it, wherever it stands. */
function withoutSecrets<Value>(value: Value, redact: (text: string) => string): Value
function withoutSecrets(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((item: unknown) => withoutSecrets(item, redact))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [redact(key), withoutSecrets<unknown>(item, redact)]),
  )
}
