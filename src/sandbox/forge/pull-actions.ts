import { createHash } from 'node:crypto'
import { type CommitSha, commitSha } from '../../preview/brand.ts'
import type { BeforeEdit, ForgeEvent, Happening } from './forge-event.ts'
import type { ActionContext, ForgeActions, EditWish, OpenWish } from './actions.ts'
import {
  type ForgeState,
  headOf,
  mergeRequestByNumber,
  repositoryNamed,
  type SandboxMergeRequest,
  type SandboxRepository,
} from './state.ts'

interface Found {
  readonly repository: SandboxRepository
  readonly mergeRequest: SandboxMergeRequest
}

type PullDeeds = Pick<ForgeActions, 'openMergeRequest' | 'push' | 'setState' | 'edit' | 'setDraft' | 'label'>

export function pullActions(context: ActionContext): PullDeeds {
  return { ...lifeDeeds(context), ...editDeeds(context) }
}

function lifeDeeds({
  state,
  emit,
}: ActionContext): Pick<PullDeeds, 'openMergeRequest' | 'push' | 'setState'> {
  return {
    openMergeRequest(name, options) {
      const repository = repositoryNamed(state, name)
      const mergeRequest = newMergeRequest(repository, options)
      repository.mergeRequests.push(mergeRequest)
      emit(byAuthor({ repository, mergeRequest }, { kind: 'opened' }))
      return mergeRequest
    },
    push(name, number, sha) {
      const found = look(state, name, number)
      const before = headOf(found.mergeRequest)
      const commit = sha === undefined ? nextCommit(found) : commitSha(sha)
      found.mergeRequest.commits.push(commit)
      found.mergeRequest.branchDeleted = false
      if (found.mergeRequest.state === 'open') emit(byAuthor(found, { kind: 'pushed', before }))
      return commit
    },
    setState(name, number, next) {
      const found = look(state, name, number)
      if (found.mergeRequest.state === next || found.mergeRequest.state === 'merged') return
      found.mergeRequest.state = next
      emit(byAuthor(found, { kind: next === 'open' ? 'reopened' : next }))
    },
  }
}

function editDeeds({ state, drafts, emit }: ActionContext): Pick<PullDeeds, 'edit' | 'setDraft' | 'label'> {
  const edit = (found: Found, change: EditWish) => {
    emit(byAuthor(found, { kind: 'edited', before: changeText(found.mergeRequest, change) }))
  }
  return {
    edit(name, number, change) {
      edit(look(state, name, number), change)
    },
    setDraft(name, number, draft) {
      const found = look(state, name, number)
      const { mergeRequest } = found
      if (drafts.kind === 'title') {
        const title = mergeRequest.title.replace(drafts.prefix, '')
        edit(found, { title: draft ? `${drafts.prefix}${title}` : title })
      } else if (mergeRequest.draft !== draft) {
        mergeRequest.draft = draft
        const before = { title: null, targetBranch: null, draft: !draft }
        emit(byAuthor(found, { kind: 'edited', before }))
      }
    },
    label(name, number, labels) {
      const found = look(state, name, number)
      const was = found.mergeRequest.labels
      found.mergeRequest.labels = [...labels]
      const added = labels.filter((label) => !was.includes(label))
      const removed = was.filter((label) => !labels.includes(label))
      emit(byAuthor(found, { kind: 'labelled', added, removed }))
    },
  }
}

function look(state: ForgeState, name: string, number: number): Found {
  const repository = repositoryNamed(state, name)
  return { repository, mergeRequest: mergeRequestByNumber(repository, number) }
}

function byAuthor(found: Found, happening: Happening): ForgeEvent {
  return { ...happening, ...found, actor: found.mergeRequest.author }
}

/** Gives what was before. */
function changeText(mergeRequest: SandboxMergeRequest, { title, targetBranch }: EditWish): BeforeEdit {
  const was = { ...mergeRequest }
  mergeRequest.title = title ?? was.title
  mergeRequest.targetBranch = targetBranch ?? was.targetBranch
  return {
    title: title === undefined ? null : was.title,
    targetBranch: targetBranch === undefined ? null : was.targetBranch,
    draft: null,
  }
}

function newMergeRequest(repository: SandboxRepository, options: OpenWish): SandboxMergeRequest {
  const mergeRequest: SandboxMergeRequest = {
    number: repository.mergeRequests.reduce((most, { number }) => Math.max(most, number), 0) + 1,
    author: options.author,
    title: options.title ?? options.branch,
    body: options.body ?? '',
    state: 'open',
    draft: false,
    branch: options.branch,
    branchDeleted: false,
    targetBranch: options.targetBranch ?? 'main',
    commits: [],
    files: options.files ?? [{ path: 'README.md', previousPath: null }],
    labels: [...(options.labels ?? [])],
    locked: false,
    source: options.source ?? 'same repository',
    comments: [],
  }
  mergeRequest.commits.push(
    options.sha === undefined ? nextCommit({ repository, mergeRequest }) : commitSha(options.sha),
  )
  return mergeRequest
}

/** The same story gives the same commits. */
function nextCommit({ repository, mergeRequest }: Found): CommitSha {
  const text = `${repository.id}#${mergeRequest.number}@${mergeRequest.commits.length}`
  return commitSha(createHash('sha1').update(text).digest('hex'))
}
