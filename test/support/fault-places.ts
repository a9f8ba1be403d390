import type { SandboxForge } from '../../src/sandbox/forge.ts'
import {
  headOf,
  mergeRequestByNumber,
  repositoryNamed,
  type SandboxComment,
  type SandboxFile,
  type SandboxMergeRequest,
} from '../../src/sandbox/forge/state.ts'
import { filed, openMergeRequests, type Place, positions, reported } from './fault-cases.ts'
import { userCalled } from './forge-harness.ts'
import type { Question } from './forge-questions.ts'

const self = 'mayfly-bot'

/** Opens every merge request; where comments are read, four of other people make three pages with ours. */
export function openAll(sandbox: SandboxForge): void {
  const { actions, state } = sandbox
  const author = userCalled(sandbox, 'dev')
  state.repositories.length = 0
  for (const [repository, count] of openMergeRequests) {
    actions.createRepository(repository)
    for (let n = 1; n <= count; n++) {
      const files = repository === filed ? filesOf(n) : []
      const { number } = actions.openMergeRequest(repository, { branch: `branch-${n}`, author, files })
      const talk = repository === reported ? 4 : 0
      for (let said = 1; said <= talk; said++) actions.comment(repository, number, author, `talk ${said}`)
    }
  }
}

/** One of five files gives it a preview: the first of the page that is struck, or the last of all for every second case. */
function filesOf(number: number): readonly SandboxFile[] {
  const struckPage = Math.ceil(number / positions.length)
  const wanted = number % positions.length === 2 ? 4 : (struckPage - 1) * 2
  return [0, 1, 2, 3, 4].map((index) => {
    const folder = index === wanted ? 'web' : 'docs'
    return { path: `${folder}/${index}.ts`, previousPath: null }
  })
}

/** Where a request is about; 0: the repository as a whole. Null: nowhere, or something that is not there. */
export function placeOf({ state }: SandboxForge, { operation, repository, about }: Question): Place | null {
  const found = state.repositories.find(({ fullName }) => fullName === repository)
  if (found === undefined) return null
  if (about === '') return { repository, number: 0 }
  const named = ({ number, comments, commits }: SandboxMergeRequest): boolean => {
    if (operation === 'edit comment') return comments.some(({ id }) => String(id) === about)
    if (operation === 'list statuses' || operation === 'create status')
      return commits.some((one) => one === about)
    return String(number) === about
  }
  const number = found.mergeRequests.find(named)?.number
  return number === undefined ? null : { repository, number }
}

export function mergeRequestAt({ state }: SandboxForge, { repository, number }: Place): SandboxMergeRequest {
  return mergeRequestByNumber(repositoryNamed(state, repository), number)
}

/** Where its manifest stands. */
export function pathOf({ repository, number }: Place): string {
  return `apps/${repository.replace('acme/', '')}-${number}-branch-${number}.yml`
}

/** One comment of ours about the newest commit, and its status. */
export function says(sandbox: SandboxForge, place: Place): boolean {
  const head = headOf(mergeRequestAt(sandbox, place))
  const [comment, ...more] = ourComments(sandbox, place)
  const { statuses } = repositoryNamed(sandbox.state, place.repository)
  if (comment === undefined || more.length > 0) return false
  return comment.body.includes(head.slice(0, 7)) && statuses.some(({ sha }) => sha === head)
}

export function ourComments(sandbox: SandboxForge, place: Place): readonly SandboxComment[] {
  return mergeRequestAt(sandbox, place).comments.filter(({ author }) => author.login === self)
}

export function deleteOurComments(sandbox: SandboxForge, place: Place): void {
  const author = userCalled(sandbox, self)
  for (const { id } of ourComments(sandbox, place))
    sandbox.actions.deleteComment(place.repository, id, author)
}
