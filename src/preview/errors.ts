/** The work could not be done now; the same key is reconciled again, at the earliest after `retryAfterMs`. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater'
  readonly retryAfterMs: number | null
  /** The answer had more bytes than are read at once: asking for fewer items helps. */
  readonly tooLarge: boolean
  /** What strangers may read in its place; null: the message itself. */
  readonly brief: string | null

  constructor(
    message: string,
    options: {
      readonly retryAfterMs?: number
      readonly tooLarge?: boolean
      readonly brief?: string
      readonly cause?: unknown
    } = {},
  ) {
    super(message, { cause: options.cause })
    this.retryAfterMs = options.retryAfterMs ?? null
    this.tooLarge = options.tooLarge ?? false
    this.brief = options.brief ?? null
  }
}

/** The work needs a human or new input; `message` says in words who can do what about it. Another attempt at once is useless. */
export class Stalled extends Error {
  override readonly name = 'Stalled'
  /** What our token lacks, in the forge's own words; null when it is about something else. */
  readonly right: string | null
  /** Whoever operates Mayfly must act: `/readyz` repeats it for as long as it lasts. */
  readonly warning: boolean
  /** What strangers may read in its place; null: the message itself. */
  readonly brief: string | null

  constructor(
    message: string,
    options: {
      readonly right?: string
      readonly warning?: boolean
      readonly brief?: string
      readonly cause?: unknown
    } = {},
  ) {
    super(message, { cause: options.cause })
    this.right = options.right ?? null
    this.warning = options.warning ?? false
    this.brief = options.brief ?? null
  }
}
