import type { CommitStatus, Forge, StickyComment } from '../../src/forge/port.ts'
import type { StandInKind } from '../stand-ins/stand-in-of.ts'
import type { Operation, Question } from './forge-questions.ts'
import { marker, repository, sha } from './tested-forge.ts'

/** One request of one thing that an adapter does. */
export interface TestedRequest {
  readonly name: string
  readonly run: (forge: Forge) => Promise<unknown>
  readonly hits: (question: Question) => boolean
  /** How many of them go well before. */
  readonly spared: number
  /** Null: it is about no list. */
  readonly list: { readonly of: Operation; readonly page: number; readonly last: number } | null
}

export const comment: StickyComment = {
  marker,
  body: `${marker}\nnew`,
  whenMissing: 'create',
  settledBy: null,
}
const status: CommitStatus = {
  context: 'mayfly/shop',
  state: 'success',
  description: 'Ready',
  targetUrl: null,
}

const read = (number: number) => (forge: Forge) => forge.readMergeRequest(repository, number)
const list = (forge: Forge) => forge.listOpenMergeRequests(repository)
const files = (forge: Forge) => forge.listChangedFiles(repository, 1)
const say = (number: number) => (forge: Forge) => forge.publishComment({ repository, number }, comment)
const set = (forge: Forge) => forge.publishStatus(repository, sha, status, 'ask')

/** Every request that an adapter ever sends, page by page, but for the deletion of a duplicate. */
export function requestsOf(kind: StandInKind): readonly TestedRequest[] {
  const statusPages = kind === 'gitlab' ? 1 : 3
  return [
    single('read a merge request', read(1), 'read merge request'),
    single('ask the repository about one that is gone', read(99), 'read repository'),
    ...pages('ask the list about one that is gone', read(99), 'list open merge requests', 3),
    single('read the repository of the list', list, 'read repository'),
    ...pages('list open merge requests', list, 'list open merge requests', 3),
    single('count the changed files', files, 'read merge request'),
    ...pages('list the changed files', files, 'list changed files', 3),
    single('read the own user', say(1), 'read own user'),
    ...pages('list comments', say(1), 'list comments', 3),
    single('edit the comment', say(1), 'edit comment'),
    single('create the comment', say(2), 'create comment'),
    afterCreation,
    ...pages('list statuses', set, 'list statuses', statusPages),
    single('set a status', set, 'create status'),
  ]
}

/** Whether another one has written a comment at the same moment. */
const afterCreation: TestedRequest = {
  ...single('list comments once more', say(2), 'list comments'),
  spared: 1,
  list: { of: 'list comments', page: 1, last: 1 },
}

function single(name: string, run: TestedRequest['run'], operation: Operation): TestedRequest {
  return { name, run, hits: (question) => question.operation === operation, spared: 0, list: null }
}

function pages(
  name: string,
  run: TestedRequest['run'],
  of: Operation,
  last: number,
): readonly TestedRequest[] {
  return Array.from({ length: last }, (_, index) => ({
    name: `${name}, page ${index + 1}`,
    run,
    hits: (question) => question.operation === of && question.page === index + 1,
    spared: 0,
    list: { of, page: index + 1, last },
  }))
}
