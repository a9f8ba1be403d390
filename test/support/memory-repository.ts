import { createBreakerMemory } from '../../src/environment-repository/breaker-memory.ts'
import { emptyHistory, extendHistory } from '../../src/environment-repository/history.ts'
import type { PlannedCommit } from '../../src/environment-repository/commit-plan.ts'
import { isSweepRemoval, planCommits } from '../../src/environment-repository/plan-commits.ts'
import type {
  ChangeResult,
  Edit,
  EarlierManifest,
  EnvironmentRepository,
  PausableBranch,
} from '../../src/environment-repository/port.ts'
import { type Snapshot, viewOf } from '../../src/environment-repository/snapshot.ts'
import {
  blobId,
  changeFiles,
  emptyTreeIndex,
  type FileChange,
  indexFile,
} from '../../src/environment-repository/tree-index.ts'
import type { Clock } from '../../src/pace/clock.ts'
import type { PreviewId } from '../../src/preview/preview-id.ts'
import { commitSha } from '../../src/preview/brand.ts'

/** An environment repository in memory: the branch of the server, and the tip that we know of it. */
export interface MemoryRepository extends EnvironmentRepository, PausableBranch {
  /** Somebody else pushes; we do not know of it until we ask. Paths below `templates/` are templates. */
  push(edits: readonly Edit[], message?: string): void
  /** Every commit of the server, oldest first. */
  readonly commits: readonly PlannedCommit[]
  /** How often the server was asked for its tip. */
  readonly refreshes: () => number
  /** How often a template was read. */
  readonly templatesRead: () => number
  /** The files of the server below `apps/`. */
  readonly files: () => readonly string[]
  /** Every later change ends so, without a look at the branch. */
  answer: ChangeResult | Error | null
}

const base = {
  directory: 'apps',
  layout: 'files',
  committer: { name: 'Mayfly', email: 'mayfly@localhost' },
  agentNamespace: 'argocd',
  removalsWhilePaused: false,
} as const

export function createMemoryRepository(clock: Clock): MemoryRepository {
  let server: Snapshot = {
    commit: shaOf(0),
    tree: emptyTreeIndex,
    history: emptyHistory,
    templates: new Map(),
    pause: null,
  }
  let known = server
  let count = { refreshes: 0, templatesRead: 0 }
  const commits: PlannedCommit[] = []
  const breaker = createBreakerMemory(clock)

  function advance({ edits, message, at, author }: PlannedCommit): void {
    commits.push({ edits, message, at, author })
    server = commitOnto(server, { edits, message, at, author }, shaOf(commits.length))
  }

  const repository: MemoryRepository = {
    commits,
    answer: null,
    refreshes: () => count.refreshes,
    templatesRead: () => count.templatesRead,
    files: () => [...server.tree.files.values()].map(({ path }) => path).toSorted(),
    push: (edits, message = 'By hand\n') => {
      advance({ edits, message, at: clock.now(), author: base.committer })
    },
    view: () => Promise.resolve(viewOf(known)),
    refresh: () => {
      count = { ...count, refreshes: count.refreshes + 1 }
      known = server
      return Promise.resolve(viewOf(known))
    },
    template: (view, file) => {
      count = { ...count, templatesRead: count.templatesRead + 1 }
      return Promise.resolve((view.commit === known.commit ? known : server).templates.get(file))
    },
    async change(change) {
      if (repository.answer instanceof Error) throw repository.answer
      if (repository.answer !== null) return repository.answer
      if (!(await change.stillWanted())) return { kind: 'dropped' }
      const now = clock.now()
      const plan = planCommits({ ...base, ...server, breaker, changes: [change], now })
      for (const commit of plan.commits) advance(commit)
      known = server
      const [verdict] = plan.decisions
      if (verdict === undefined || verdict.kind === 'mistake')
        throw new Error(verdict?.message ?? 'no verdict')
      const isCounted = isSweepRemoval(change)
      breaker.remember({
        committed: isCounted && verdict.kind === 'commit' ? 1 : 0,
        held: verdict.kind === 'held' ? [change.preview] : [],
      })
      return verdict.kind === 'commit' ? { kind: 'pushed', commit: server.commit } : verdict
    },
    earlier: (preview, sha) => Promise.resolve(earlierOf(commits, server, preview, sha)),
    setPause: (reason) => {
      server = { ...server, pause: reason }
      return Promise.resolve('written')
    },
    close: () => Promise.resolve(),
  }
  return repository
}

/** As git finds it, by the trailers. */
function earlierOf(
  commits: readonly PlannedCommit[],
  { tree }: Snapshot,
  preview: PreviewId,
  sha: string | null,
): EarlierManifest | null {
  const [manifest] = tree.previews.get(preview) ?? []
  for (const { message, edits } of commits.toReversed()) {
    const [, written] = /^Mayfly-Sha: ([0-9a-f]{40})$/m.exec(message) ?? []
    const content = edits.find(({ path }) => path === manifest?.path)?.content
    const isIts = message.includes(`Mayfly-Preview: ${preview}\n`)
    if (!isIts || typeof content !== 'string' || written === undefined || written === manifest?.sha) continue
    if (written.startsWith(sha ?? '')) return { sha: commitSha(written), content }
  }
  return null
}

function commitOnto(
  before: Snapshot,
  { edits, message, at }: PlannedCommit,
  commit: Snapshot['commit'],
): Snapshot {
  const templates = new Map(before.templates)
  const changes = edits.flatMap(({ path, content }): FileChange[] => {
    if (path.startsWith('templates/')) {
      const name = path.slice('templates/'.length)
      if (content === null) templates.delete(name)
      else templates.set(name, { blob: blobId(content, before.commit), text: content })
      return []
    }
    if (content === null) return [{ path, file: undefined }]
    const file = { path, blob: blobId(content, before.commit), kind: 'file' } as const
    return [{ path, file: indexFile(base.directory, file, Buffer.from(content)) }]
  })
  const tree = changeFiles(before.tree, changes)
  const { pause } = before
  return { commit, tree, templates, pause, history: extendHistory(before.history, [{ commit, at, message }]) }
}

function shaOf(number: number) {
  return commitSha(number.toString(16).padStart(40, '0'))
}
