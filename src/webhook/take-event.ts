import type { Clock } from '../pace/clock.ts'
import { withDeadline } from '../pace/deadline.ts'
import {
  type CommitEvent,
  type EventReceived,
  type EventRepository,
  type MergeRequestEvent,
  shown,
} from '../forge/webhook-dialect.ts'
import type { Log } from '../log.ts'
import { type MergeRequestKey, mergeRequestKey } from '../preview/key.ts'
import type { EventClaim } from '../preview/merge-request.ts'
import * as answers from './answer.ts'
import type { HttpAnswer } from './answer.ts'

const takeWithinMs = 5000
/** Of one commit. The sweep finds what is beyond it. */
const mostKeys = 50

export interface TakingParts {
  /** The repository as the configuration writes it; undefined when it is not configured. */
  readonly resolve: (forge: string, repository: EventRepository) => string | undefined
  /** Puts a key into the queue; throws when it was not taken. */
  readonly enqueue: (key: MergeRequestKey) => Promise<void>
  /** Merge requests that are known with this head, in the configured repository: what an event about a commit is about. */
  readonly keysOf: (forge: string, repository: string, sha: string) => readonly MergeRequestKey[]
  /** Told of every event about a merge request of a configured repository, before its key is queued. */
  readonly onEvent: (key: MergeRequestKey, claim: EventClaim) => void
  /** Told of every event that had a key, and of whether the queue took it. */
  readonly onTaken: (key: MergeRequestKey, delivery: TakenDelivery) => void
  readonly clock: Clock
  readonly log: Log
}

/** `id`: the forge's own; null: it gave none. */
export interface TakenDelivery {
  readonly id: string | null
  readonly event: string
  readonly answer: 'taken' | 'not-taken'
}

/** How an event came. */
export interface Arrived {
  /** The name in the configuration. */
  readonly forge: string
  /** The forge's own id of it, for the log. */
  readonly delivery: string | undefined
}

/** Puts what a genuine event is about into the queue, and says so; 50 merge requests of one commit at most. */
export async function takeEvent(
  options: TakingParts,
  arrived: Arrived,
  received: EventReceived | CommitEvent,
): Promise<HttpAnswer> {
  const { forge } = arrived
  const repository = options.resolve(forge, received.repository)
  if (repository === undefined)
    return answers.ignoredBecause(
      `repository ${shown(received.repository.fullName)} has no application in mayfly.yaml`,
    )
  if (received.kind === 'commit-event') {
    const keys = options.keysOf(forge, repository, received.sha).slice(0, mostKeys)
    if (keys.length === 0) return answers.nobodyAt(received.sha)
    return enqueue(options, arrived, { event: received.event, keys, claim: null }, answers.takenAll(keys))
  }
  const { event, number, sha } = received
  const key = mergeRequestKey({ forge, repository, number })
  const claim = { sha, state: stateAfter(event) }
  return enqueue(options, arrived, { event, keys: [key], claim }, answers.taken(key))
}

interface Taking {
  /** For the log. */
  readonly event: string
  readonly keys: readonly MergeRequestKey[]
  /** What the event says of them; null: nothing. */
  readonly claim: EventClaim | null
}

async function enqueue(
  { onEvent, onTaken, enqueue: add, clock, log }: TakingParts,
  { forge, delivery }: Arrived,
  { event, keys, claim }: Taking,
  whenTaken: HttpAnswer,
): Promise<HttpAnswer> {
  const tell = (answer: TakenDelivery['answer']): void => {
    for (const key of keys) onTaken(key, { id: delivery ?? null, event, answer })
  }
  try {
    if (claim !== null) for (const key of keys) onEvent(key, claim)
    const all = Promise.all(keys.map(async (key) => add(key)))
    await withDeadline(all, { ms: takeWithinMs, clock, late: tooLate })
  } catch (error) {
    log.warn({ forge, mergeRequest: keys.join(' '), delivery, error }, 'webhook not taken by the queue')
    tell('not-taken')
    return answers.notTaken
  }
  tell('taken')
  for (const key of keys) log.info({ forge, mergeRequest: key, event, delivery }, 'webhook taken')
  return whenTaken
}

/** What is true of a merge request once such an event has happened; null: the event does not tell. */
function stateAfter(event: MergeRequestEvent): 'open' | 'ended' | null {
  switch (event) {
    case 'opened':
    case 'reopened':
    case 'pushed':
      return 'open'
    case 'closed':
    case 'merged':
      return 'ended'
    case 'labelled':
    case 'edited':
    case 'commented':
    case 'other':
      return null
  }
}

function tooLate(): Error {
  return new Error(`the queue did not answer within ${takeWithinMs} ms`)
}
