import { z } from 'zod'
import { commitId, mergeRequestNumber, repositoryId } from './event-fields.ts'
import { ignored, type MergeRequestEvent, malformed, type WebhookReading, shown } from './webhook-dialect.ts'

// GitHub's words, which Gitea and Forgejo took over. A field that is missing, null or of an odd type reads as null.
const PullRequestEvent = z.object({
  action: z.string().nullable().catch(null),
  number: mergeRequestNumber,
  pull_request: z
    .object({
      number: mergeRequestNumber,
      merged: z.boolean().catch(false),
      head: z.object({ sha: commitId }).nullable().catch(null),
    })
    .nullable()
    .catch(null),
  repository: z
    .object({ id: repositoryId, full_name: z.string().min(1).nullable().catch(null) })
    .nullable()
    .catch(null),
})

/** What an action means to us; `irrelevant` when it cannot change a decision. */
export type Actions = Readonly<Record<string, MergeRequestEvent | 'irrelevant'>>

/** Reads a `pull_request` event. An action that `actions` does not know is an event all the same. */
export function readPullRequestEvent(body: unknown, actions: Actions): WebhookReading {
  const payload = PullRequestEvent.parse(body)
  const event = meaningOf(payload.action, payload.pull_request?.merged ?? false, actions)
  if (event === 'irrelevant')
    return ignored(`pull_request ${shown(payload.action ?? '')}: changes no preview`)

  const number = payload.number ?? payload.pull_request?.number ?? null
  if (number === null) return malformed('number: a pull_request event needs a whole number above 0 here.')
  const fullName = payload.repository?.full_name ?? null
  if (fullName === null) return malformed('repository.full_name: a pull_request event needs owner/name here.')
  const repository = { id: payload.repository?.id ?? null, fullName }
  return { kind: 'event', event, repository, number, sha: payload.pull_request?.head?.sha ?? null }
}

function meaningOf(
  action: string | null,
  merged: boolean,
  actions: Actions,
): MergeRequestEvent | 'irrelevant' {
  if (action === null || !Object.hasOwn(actions, action)) return 'other'
  const event = actions[action] ?? 'other'
  return event === 'closed' && merged ? 'merged' : event
}
