/** One rule that was asked whether a commit may be written, with its answer and what it saw: `why` prints them in their order. */
export interface Ruling {
  readonly rule: RuleName
  /** `not-asked`: a rule before it said no, or nobody configured it. */
  readonly answer: 'yes' | 'no' | 'not-asked'
  /** In words, one line. Plain text, may quote untrusted values. */
  readonly saw: string
}

export type RuleName = 'selected' | 'pause' | 'trust' | 'checks' | 'image' | 'place' | 'policy'

/** Why a commit is not written (yet). What stood before stays exactly as it is. */
export interface Held {
  readonly state: 'waiting' | 'failed' | 'refused'
  /** In words, one line. */
  readonly message: string
  readonly details: readonly string[]
  /** Who can do what about it; empty when nobody need do anything. */
  readonly advice: string
  /** When it is asked again, in ms; null: at the next event or sweep. */
  readonly againMs: number | null
  /** Whether time alone changes nothing: it goes on once somebody does something. */
  readonly forPeople: boolean
}
