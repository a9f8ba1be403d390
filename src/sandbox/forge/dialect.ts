import type { CheckEvent, ForgeEvent } from './forge-event.ts'
import type { Drafts } from './actions.ts'
import type { RoutedRequest, ForgeReply, Route } from './route.ts'
import type { SandboxRepository, SandboxUser } from './state.ts'

/**
 * How one kind of forge speaks: its routes, its refusals and its webhooks, over the same state and deeds. A dialect
 * changes the state only through the deeds of a request; what it must remember itself (tokens of an App, ETags) is in
 * the closure of the function that makes it. Gitea's is in `gitea/`; those of the tests are in `test/stand-ins/`.
 */
export interface ForgeDialect {
  /** Before every path of the API, without a trailing slash: `/api/v1`; empty when the API has a host of its own. */
  readonly base: string
  /** The first that fits method and path answers. What none fits is refused with `notFound` and noted as unknown. */
  readonly routes: readonly Route[]
  /** What the embedded forge says before, or instead of, a route. */
  readonly refusals: Refusals
  /** How a draft is marked: `deeds.setDraft` sets the field, or adds and removes the prefix of the title. */
  readonly drafts: Drafts
  readonly webhooks: WebhookVoice
  /** What a strict dialect found wrong so far, in requests or in its own answers: a test fails on any. */
  readonly problems: readonly string[]

  /** Whose token the request carries (the header differs from forge to forge), or the refusal of a wrong one. */
  identify(asked: RoutedRequest): SandboxUser | ForgeReply

  /** The repository that the captured parts name; null when the route is about none; undefined: there is none. */
  repositoryOf(asked: RoutedRequest): SandboxRepository | null | undefined

  /** The redirect of a request that names `repository` as it was called before; null: it is answered all the same. */
  redirect(asked: RoutedRequest, repository: SandboxRepository): ForgeReply | null

  /** The last word on every answer, refusals included: headers, ETags, rate limits, a check against a schema. */
  finish(asked: RoutedRequest, reply: ForgeReply): ForgeReply
}

export interface Refusals {
  /** No such route or repository, or one that the user may not see. */
  readonly notFound: ForgeReply
  /** 400: the path or the body cannot be read. */
  readonly malformed: (message: string) => ForgeReply
  /** 422: a deed refused with a RangeError. */
  readonly unprocessable: (message: string) => ForgeReply
}

/** How a forge tells of deeds. */
export interface WebhookVoice {
  /** What is sent for one deed, in this order: none where the forge is silent, several where it tells each change. */
  readonly messages: (event: ForgeEvent | CheckEvent, forge: ForgeAddress) => readonly WebhookMessage[]
  /** All headers of one delivery, signature included, over exactly these bytes. */
  readonly headers: (message: WebhookMessage, delivery: Delivery) => Readonly<Record<string, string>>
}

export interface ForgeAddress {
  /** Where people see the forge, without a trailing slash. */
  readonly url: string
}

/** A snapshot: the body is written when the deed is done, whenever it is delivered. */
export interface WebhookMessage {
  /** The event's name in the forge's words, for headers and the log. */
  readonly event: string
  /** The finer kind, where the forge has one; else the same as `event`. */
  readonly type: string
  /** JSON. */
  readonly body: string
}

export interface Delivery {
  readonly secret: string
  /** A UUID, new for every delivery. */
  readonly id: string
  readonly now: Date
}
