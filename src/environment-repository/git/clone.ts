import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CommitSha, commitSha } from '../../preview/brand.ts'
import { type CommitFacts, parseLog } from '../history.ts'
import { type EntryKind, entryKindOf } from '../tree-entry.ts'
import { type Git, fetchWords } from './create-git.ts'
import { guardDirectory } from './push-guard.ts'
import { type BlobRange, readBlobs } from './read-blobs.ts'

/** A file of the tip as `git ls-tree` tells it. */
export interface ListedFile {
  readonly path: string
  readonly blob: string
  readonly kind: EntryKind
}

/** One bare clone on disk. Every member is one or two git processes and throws `GitError`. */
export interface Clone {
  readonly directory: string
  tip(): Promise<CommitSha>
  /** Brings the branch up to date and gives its tip. */
  fetch(): Promise<CommitSha>
  /** False also when the history here does not hold both. */
  isAncestor(older: CommitSha, newer: CommitSha): Promise<boolean>
  list(commit: CommitSha, directories: readonly string[]): Promise<ListedFile[]>
  /** Oldest first. */
  log(commit: CommitSha): Promise<CommitFacts[]>
  /** What came after `before`, oldest first, and whether `before` was rewritten; undefined when it is not known here. */
  logSince(before: CommitSha, commit: CommitSha): Promise<NewCommits | undefined>
  isShallow(): Promise<boolean>
  /** More of the history: commits alone where the server can do that. */
  deepen(commit: CommitSha, depth: number): Promise<void>
  /** Contents by blob id; those above `limit` bytes are left out. */
  blobs(ids: readonly string[], range: BlobRange, limit: number): Promise<Map<string, Buffer>>
  /** Feeds `git fast-import`; gives the ids of the commits made. */
  importCommits(stream: Uint8Array): Promise<CommitSha[]>
  /** A plain push of `commit`, for a branch that stands at `expected` (null: that does not exist). */
  push(commit: CommitSha, expected: CommitSha | null): Promise<void>
}

export interface NewCommits {
  readonly commits: readonly CommitFacts[]
  readonly isRewritten: boolean
}

/** A scratch ref for new commits, in the clone only. */
export const scratchRef = 'refs/mayfly/next'

interface Place {
  readonly git: Git
  readonly directory: string
  readonly ref: string
}

export function openClone(git: Git, directory: string, branch: string): Clone {
  const place = { git, directory, ref: `refs/heads/${branch}` }
  return {
    directory,
    tip: () => readTip(place),
    fetch: () => fetchTip(place),
    isAncestor: (older, newer) => isAncestor(place, older, newer),
    list: (commit, directories) => list(place, commit, directories),
    log: async (commit) => parseLog(await run(place, [...logWords, `--format=${format}`, commit, '--'])),
    logSince: (before, commit) => logSince(place, before, commit),
    isShallow: async () => (await readFile(join(directory, 'shallow')).catch(() => '')).length > 0,
    async deepen(commit, depth) {
      const args = [...fetchWords, `--depth=${depth}`, '--filter=tree:0', '--', 'origin', commit]
      await git.remote(directory, args)
    },
    blobs: (ids, range, limit) => readBlobs({ git, directory, ids, range, limit }),
    importCommits: (stream) => importCommits(place, stream),
    push: (commit, expected) => push(place, commit, expected),
  }
}

async function readTip({ git, directory, ref }: Place): Promise<CommitSha> {
  // Mostly a file with one line: reading it saves a process between a fetch and the push it is for.
  const text = await readFile(join(directory, ref), 'utf8').catch(() => '')
  if (/^[0-9a-f]{40,64}\n$/.test(text)) return commitSha(text.trim())
  const { stdout } = await git.local(directory, [
    'rev-parse',
    '--verify',
    '--end-of-options',
    `${ref}^{commit}`,
  ])
  return commitSha(stdout.toString().trim())
}

async function fetchTip(place: Place): Promise<CommitSha> {
  const { git, directory, ref } = place
  // New files come along, unless they are huge; the plus only moves our own copy of a branch that was rewritten.
  await git.remote(directory, [...fetchWords, '--filter=blob:limit=1m', '--', 'origin', `+${ref}:${ref}`])
  return await readTip(place)
}

async function isAncestor({ git, directory }: Place, older: CommitSha, newer: CommitSha): Promise<boolean> {
  if (older === newer) return true
  const args = ['merge-base', '--is-ancestor', older, newer]
  return (await git.local(directory, args, { accept: [1, 128] })).code === 0
}

/** Reads `git ls-tree -r -z`. A directory that is none, but a link or a submodule, is listed itself. */
async function list(place: Place, commit: CommitSha, directories: readonly string[]): Promise<ListedFile[]> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', commit, '--', ...directories]
  // Of an old commit, which a rewritten branch may go back to, only the commit is here: git asks the server for its trees.
  const { stdout } = await place.git.remote(place.directory, args)
  return stdout
    .toString()
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t')
      const [mode, , blob = ''] = line.slice(0, tab).split(' ')
      return { path: line.slice(tab + 1), blob, kind: entryKindOf(mode ?? '') }
    })
}

const logWords = ['log', '-z', '--topo-order']
const format = '%H%x00%ct%x00%B'

async function logSince(
  { git, directory }: Place,
  before: CommitSha,
  commit: CommitSha,
): Promise<NewCommits | undefined> {
  const args = [...logWords, '--left-right', `--format=%m${format}`, `${before}...${commit}`, '--']
  const { code, stdout } = await git.local(directory, args, { accept: [128] })
  if (code === 128) return undefined
  return parseNews(stdout.toString())
}

/** `<` marks what only the old tip has, `>` what only the new one has. */
function parseNews(output: string): NewCommits {
  const fields = output.split('\0')
  const kept: string[] = []
  let isRewritten = false
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [marked = '', seconds = '', message = ''] = fields.slice(at, at + 3)
    if (marked.startsWith('<')) isRewritten = true
    else kept.push(marked.slice(1), seconds, message)
  }
  return { isRewritten, commits: parseLog([...kept, ''].join('\0')) }
}

async function importCommits({ git, directory }: Place, input: Uint8Array): Promise<CommitSha[]> {
  // `--force` is about the scratch ref of this clone, which moves with the tip; no server hears of it.
  const { stdout } = await git.local(directory, ['fast-import', '--quiet', '--force', '--done'], { input })
  return stdout.toString().trim().split('\n').map(commitSha)
}

async function push(
  { git, directory, ref }: Place,
  commit: CommitSha,
  expected: CommitSha | null,
): Promise<void> {
  const settings = { 'core.hooksPath': guardDirectory(directory) }
  const variables = { MAYFLY_EXPECTED: expected ?? '0'.repeat(commit.length) }
  const args = ['push', '--porcelain', '--quiet', '--', 'origin', `${commit}:${ref}`]
  await git.remote(directory, args, { settings, variables })
}

async function run({ git, directory }: Place, args: readonly string[]): Promise<string> {
  return (await git.local(directory, args)).stdout.toString()
}
