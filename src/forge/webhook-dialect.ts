import type { Secret } from '../config/secret.ts'

/** Headers by lower-case name, as Node gives them; an array when one came several times. */
export type WebhookHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** How one kind of forge signs a webhook and words its events. Pure. */
export interface WebhookDialect {
  /** The header with the forge's own id of a delivery, for the log. */
  readonly deliveryHeader: string

  /**
   * Null when the bytes are genuine under one of `secrets`, else what is wrong, in words and without any value.
   * Every secret is tried, in constant time; no secret, or an empty one, makes nothing genuine.
   */
  objection(request: SignedRequest, secrets: readonly Secret[], now: Date): string | null

  /** What a genuine, parsed body asks for. */
  read(headers: WebhookHeaders, body: unknown): WebhookReading
}

export interface SignedRequest {
  readonly headers: WebhookHeaders
  /** The body as it came over the wire. */
  readonly bytes: Uint8Array
}

export type WebhookReading = EventReceived | CommitEvent | EventIgnored | Malformed

/** Something happened to a merge request that may change a decision: look at it. */
export interface EventReceived {
  readonly kind: 'event'
  /** For the log only: what to do is decided from a fresh look. */
  readonly event: MergeRequestEvent
  readonly repository: EventRepository
  readonly number: number
  /** The newest commit of its branch, as the event tells it; null when it does not. Held against the forge's answer, never believed. */
  readonly sha: string | null
}

/** CI said something of a commit that may open a gate: look at the merge requests whose head it is. */
export interface CommitEvent {
  readonly kind: 'commit-event'
  /** For the log only. */
  readonly event: 'status' | 'check' | 'pipeline' | 'image'
  readonly repository: EventRepository
  /** A commit id; of an image it may be the beginning of one. Finds merge requests, and is no word about any of them. */
  readonly sha: string
}

/** The repository as the forge names it today. */
export interface EventRepository {
  /** The forge's numeric id as text; null when the body has none. */
  readonly id: string | null
  readonly fullName: string
}

export interface EventIgnored {
  readonly kind: 'ignored'
  readonly reason: string
}

export interface Malformed {
  readonly kind: 'refused'
  readonly status: 400
  readonly error: string
}

/** `other`: an action this version does not know; one look too many is better than one too few. */
export type MergeRequestEvent =
  | 'opened'
  | 'reopened'
  | 'pushed'
  | 'closed'
  | 'merged'
  | 'labelled'
  | 'edited'
  | 'commented'
  | 'other'

export function ignored(reason: string): EventIgnored {
  return { kind: 'ignored', reason }
}

export function malformed(error: string): Malformed {
  return { kind: 'refused', status: 400, error }
}

/** A name from a header or body, short and harmless enough to be given back. */
export function shown(name: string): string {
  return name.replace(/[^\w .:/-]/g, '?').slice(0, 100)
}
