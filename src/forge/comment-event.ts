import { z } from 'zod'
import { firstLine } from '../preview/first-line.ts'
import { mergeRequestNumber, repositoryId } from './event-fields.ts'
import { ignored, malformed, shown, type WebhookReading } from './webhook-dialect.ts'

/** What a forge tells of a new comment, in our words. */
export interface CommentReceived {
  /** The forge's name of the event, for reasons. */
  readonly event: string
  /** Where the number stands, for errors. */
  readonly numberField: string
  readonly repositoryField: string
  readonly body: string
  readonly number: number | null
  readonly repository: { readonly id: string | null; readonly fullName: string | null }
}

/** Whether somebody may want something: a busy conversation must not cost passes. */
export function mayBeCommand(body: string): boolean {
  return firstLine(body)?.startsWith('/') === true
}

/** Whose comment it is, and what it wants, is for a fresh look to say. */
export function readComment({ event, body, number, repository, ...fields }: CommentReceived): WebhookReading {
  if (!mayBeCommand(body)) return ignored(`${event}: a comment without a command`)
  if (number === null)
    return malformed(`${fields.numberField}: a comment event needs a whole number above 0 here.`)
  const { id, fullName } = repository
  if (fullName === null)
    return malformed(`${fields.repositoryField}: a comment event needs the repository's full name here.`)
  return { kind: 'event', event: 'commented', repository: { id, fullName }, number, sha: null }
}

// GitHub's words, which Gitea and Forgejo took over. A field that is missing, null or of an odd type reads as null.
const IssueComment = z.object({
  action: z.string().nullable().catch(null),
  is_pull: z.boolean().catch(false),
  issue: z
    .object({ number: mergeRequestNumber, pull_request: z.object({}).nullable().catch(null) })
    .nullable()
    .catch(null),
  comment: z
    .object({ body: z.string().catch('') })
    .nullable()
    .catch(null),
  repository: z
    .object({ id: repositoryId, full_name: z.string().min(1).nullable().catch(null) })
    .nullable()
    .catch(null),
})

/** Reads an `issue_comment` event; `mark` is what tells a pull request from an issue. */
export function readIssueComment(body: unknown, mark: 'issue.pull_request' | 'is_pull'): WebhookReading {
  const { action, is_pull, issue, comment, repository } = IssueComment.parse(body)
  const isOnPull = mark === 'is_pull' ? is_pull : (issue?.pull_request ?? null) !== null
  if (!isOnPull) return ignored('issue_comment: a comment on an issue changes no preview')
  if (action !== 'created')
    return ignored(`issue_comment ${shown(action ?? '')}: only new comments are looked at`)
  return readComment({
    event: 'issue_comment',
    numberField: 'issue.number',
    repositoryField: 'repository.full_name',
    body: comment?.body ?? '',
    number: issue?.number ?? null,
    repository: { id: repository?.id ?? null, fullName: repository?.full_name ?? null },
  })
}
