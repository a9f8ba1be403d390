import type { CommentHappening } from './forge-event.ts'
import type { ActionContext, ForgeActions } from './actions.ts'
import {
  mergeRequestByNumber,
  repositoryNamed,
  type SandboxComment,
  type SandboxMergeRequest,
  type SandboxRepository,
  type SandboxUser,
} from './state.ts'

interface Found {
  readonly repository: SandboxRepository
  readonly mergeRequest: SandboxMergeRequest
  readonly comment: SandboxComment
}

export function commentActions({
  state,
  emit,
}: ActionContext): Pick<ForgeActions, 'comment' | 'editComment' | 'deleteComment'> {
  const tell = (kind: CommentHappening['kind'], found: Found, actor: SandboxUser, before: string | null) => {
    emit({ kind, ...found, actor, before })
  }
  const find = (name: string, id: number) => commentWithId(repositoryNamed(state, name), id)
  return {
    comment(name, number, author, body) {
      const repository = repositoryNamed(state, name)
      const mergeRequest = mergeRequestByNumber(repository, number)
      const comment = { id: state.nextId++, author, body, editedAt: null, reactedAt: null, reactions: [] }
      mergeRequest.comments.push(comment)
      tell('commented', { repository, mergeRequest, comment }, author, null)
      return comment
    },
    editComment(name, id, author, body) {
      const found = find(name, id)
      const before = found.comment.body
      found.comment.body = body
      found.comment.editedAt = state.nextId++
      tell('comment edited', found, author, before)
      return found.comment
    },
    deleteComment(name, id, author) {
      const found = find(name, id)
      const { mergeRequest, comment } = found
      mergeRequest.comments = mergeRequest.comments.filter((other) => other !== comment)
      tell('comment deleted', found, author, null)
    },
  }
}

/** @throws RangeError when there is none. */
export function commentWithId(repository: SandboxRepository, id: number): Found {
  for (const mergeRequest of repository.mergeRequests)
    for (const comment of mergeRequest.comments)
      if (comment.id === id) return { repository, mergeRequest, comment }
  throw new RangeError(`${repository.fullName} has no comment ${id}`)
}
