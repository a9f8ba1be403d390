import { createHash } from 'node:crypto'
import { type CommitSha, commitSha } from '../../preview/brand.ts'
import { type ForgeEvent, commentEvent, pullEvent } from './events.ts'
import {
  type ForgeState,
  mergeRequestOf,
  repositoryNamed,
  type SandboxComment,
  type SandboxMergeRequest,
  type SandboxRepository,
  type SandboxUser,
} from './state.ts'

/** What people do on the forge. Each member throws RangeError when what it names does not exist. */
export interface Deeds {
  createRepository(fullName: string): SandboxRepository
  openMergeRequest(repository: string, wish: OpenWish): SandboxMergeRequest
  /** Gives the new commit. */
  push(repository: string, number: number, sha?: string): CommitSha
  setState(repository: string, number: number, state: SandboxMergeRequest['state']): void
  edit(
    repository: string,
    number: number,
    change: { readonly title?: string; readonly targetBranch?: string },
  ): void
  label(repository: string, number: number, labels: readonly string[]): void
  /** As on a real Gitea no event of the merge request tells of it: a push or the sweep does. */
  renameBranch(repository: string, number: number, branch: string): void
  renameRepository(repository: string, fullName: string): void
  comment(repository: string, number: number, author: SandboxUser, body: string): SandboxComment
  editComment(repository: string, comment: number, author: SandboxUser, body: string): SandboxComment
  deleteComment(repository: string, comment: number, author: SandboxUser): void
}

export interface EditWish {
  readonly title?: string
  readonly targetBranch?: string
}

export interface OpenWish {
  readonly branch: string
  readonly author: SandboxUser
  readonly title?: string
  readonly body?: string
  readonly targetBranch?: string
  readonly sha?: string
  readonly labels?: readonly string[]
  /** What it changes; left out: one file. */
  readonly files?: SandboxMergeRequest['files']
  readonly source?: SandboxMergeRequest['source']
}

interface Found {
  readonly repository: SandboxRepository
  readonly pull: SandboxMergeRequest
}

/** Changes the state, then tells of it as a webhook would. */
export function createDeeds(state: ForgeState, url: () => string, emit: (event: ForgeEvent) => void): Deeds {
  return { ...repositoryDeeds(state), ...pullDeeds(state, url, emit), ...commentDeeds(state, url, emit) }
}

function repositoryDeeds(
  state: ForgeState,
): Pick<Deeds, 'createRepository' | 'renameRepository' | 'renameBranch'> {
  return {
    createRepository(fullName) {
      const repository: SandboxRepository = {
        id: state.nextId++,
        fullName,
        formerNames: [],
        mergeRequests: [],
        statuses: [],
        mergeRequestsEnabled: true,
      }
      state.repositories.push(repository)
      return repository
    },
    renameRepository(name, fullName) {
      const repository = repositoryNamed(state, name)
      repository.formerNames.push(repository.fullName)
      repository.fullName = fullName
    },
    renameBranch(name, number, branch) {
      look(state, name, number).pull.branch = branch
    },
  }
}

function pullDeeds(
  state: ForgeState,
  url: () => string,
  emit: (event: ForgeEvent) => void,
): Pick<Deeds, 'openMergeRequest' | 'push' | 'setState' | 'edit' | 'label'> {
  const tell = (
    action: Parameters<typeof pullEvent>[0],
    { repository, pull }: Found,
    changes: object = {},
  ) => {
    emit(pullEvent(action, repository, pull, pull.author, url(), changes))
  }
  return {
    openMergeRequest(name, wish) {
      const repository = repositoryNamed(state, name)
      const pull = newMergeRequest(repository, wish)
      repository.mergeRequests.push(pull)
      tell('opened', { repository, pull })
      return pull
    },
    push(name, number, sha) {
      const found = look(state, name, number)
      const commit = sha === undefined ? nextCommit(found.repository, found.pull) : commitSha(sha)
      found.pull.commits.push(commit)
      found.pull.branchDeleted = false
      if (found.pull.state === 'open') tell('synchronized', found)
      return commit
    },
    setState(name, number, next) {
      const found = look(state, name, number)
      if (found.pull.state === next || found.pull.state === 'merged') return
      found.pull.state = next
      tell(next === 'open' ? 'reopened' : 'closed', found)
    },
    edit(name, number, change) {
      const found = look(state, name, number)
      const { pull } = found
      const changes = changesOf(pull, change)
      pull.title = change.title ?? pull.title
      pull.targetBranch = change.targetBranch ?? pull.targetBranch
      tell('edited', found, changes)
    },
    label(name, number, labels) {
      const found = look(state, name, number)
      found.pull.labels = [...labels]
      tell('label_updated', found)
    },
  }
}

function commentDeeds(
  state: ForgeState,
  url: () => string,
  emit: (event: ForgeEvent) => void,
): Pick<Deeds, 'comment' | 'editComment' | 'deleteComment'> {
  const find = (name: string, id: number) => {
    const repository = repositoryNamed(state, name)
    const pull = repository.mergeRequests.find(({ comments }) =>
      comments.some((comment) => comment.id === id),
    )
    const comment = pull?.comments.find((candidate) => candidate.id === id)
    if (pull === undefined || comment === undefined) throw new RangeError(`${name} has no comment ${id}`)
    return { repository, pull, comment }
  }
  return {
    comment(name, number, author, body) {
      const { repository, pull } = look(state, name, number)
      const comment = { id: state.nextId++, author, body }
      pull.comments.push(comment)
      emit(commentEvent('created', repository, pull, comment, author, url()))
      return comment
    },
    editComment(name, id, author, body) {
      const { repository, pull, comment } = find(name, id)
      comment.body = body
      emit(commentEvent('edited', repository, pull, comment, author, url()))
      return comment
    },
    deleteComment(name, id, author) {
      const { repository, pull, comment } = find(name, id)
      pull.comments = pull.comments.filter((other) => other !== comment)
      emit(commentEvent('deleted', repository, pull, comment, author, url()))
    },
  }
}

/** What was before, as the event tells it. */
function changesOf(pull: SandboxMergeRequest, change: EditWish): object {
  return {
    ...(change.title === undefined ? {} : { title: { from: pull.title } }),
    ...(change.targetBranch === undefined ? {} : { ref: { from: pull.targetBranch } }),
  }
}

function look(state: ForgeState, name: string, number: number): Found {
  const repository = repositoryNamed(state, name)
  return { repository, pull: mergeRequestOf(repository, number) }
}

function newMergeRequest(repository: SandboxRepository, wish: OpenWish): SandboxMergeRequest {
  const pull: SandboxMergeRequest = {
    number: repository.mergeRequests.reduce((most, { number }) => Math.max(most, number), 0) + 1,
    author: wish.author,
    title: wish.title ?? wish.branch,
    body: wish.body ?? '',
    state: 'open',
    branch: wish.branch,
    branchDeleted: false,
    targetBranch: wish.targetBranch ?? 'main',
    commits: [],
    labels: [...(wish.labels ?? [])],
    files: wish.files ?? [{ path: 'README.md', previousPath: null }],
    locked: false,
    source: wish.source ?? 'same repository',
    comments: [],
  }
  pull.commits.push(wish.sha === undefined ? nextCommit(repository, pull) : commitSha(wish.sha))
  return pull
}

/** The same story gives the same commits. */
function nextCommit(repository: SandboxRepository, pull: SandboxMergeRequest): CommitSha {
  const text = `${repository.id}#${pull.number}@${pull.commits.length}`
  return commitSha(createHash('sha1').update(text).digest('hex'))
}
