import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CommitSha, commitSha } from '../../preview/brand.ts'
import { type CommitFacts, parseLog } from '../history.ts'
import { parseBlobs, parseSizes } from './cat-file.ts'
import type { Git } from './create-git.ts'
import { guardDirectory } from './push-guard.ts'

/** A file of the tip as `git ls-tree` tells it. */
export interface ListedFile {
  readonly path: string
  readonly blob: string
  /** False for links, submodules and executables. */
  readonly regular: boolean
}

/** One bare clone on disk. Every member is one or two git processes and throws `GitFailed`. */
export interface Clone {
  readonly directory: string
  tip(): Promise<CommitSha>
  /** Brings the branch up to date and gives its tip. */
  fetch(): Promise<CommitSha>
  /** `unknown`: the history here does not hold both. */
  isAncestor(older: CommitSha, newer: CommitSha): Promise<'yes' | 'no' | 'unknown'>
  list(commit: CommitSha, directories: readonly string[]): Promise<ListedFile[]>
  /** Oldest first; `since` and everything before it left out. */
  log(commit: CommitSha, since: CommitSha | null): Promise<CommitFacts[]>
  isShallow(): Promise<boolean>
  /** More of the history: commits alone where the server can do that. */
  deepen(commit: CommitSha, depth: number): Promise<void>
  /** Contents by blob id, fetched in bulk where missing; those above `limit` bytes are left out. */
  blobs(ids: readonly string[], range: BlobRange, limit: number): Promise<Map<string, Buffer>>
  /** Feeds `git fast-import`; gives the ids of the commits made. */
  importCommits(stream: Uint8Array): Promise<CommitSha[]>
  /** A plain push of `commit`, for a branch that stands at `expected` (null: that does not exist). */
  push(commit: CommitSha, expected: CommitSha | null): Promise<void>
}

/** Where blobs are looked for: all at `tip`, or only what came after `since`. */
export interface BlobRange {
  readonly tip: CommitSha
  readonly since: CommitSha | null
}

/** A scratch ref for new commits, in the clone only. */
export const scratchRef = 'refs/mayfly/next'

export function openClone(git: Git, directory: string, branch: string): Clone {
  const ref = `refs/heads/${branch}`
  const local = async (...args: readonly string[]): Promise<string> =>
    (await git.local(directory, args)).stdout.toString()

  return {
    directory,
    tip,
    async fetch() {
      // The plus only moves our own copy of the ref, should somebody have rewritten the branch.
      await git.remote(directory, [...fetchWords, '--filter=blob:none', '--', 'origin', `+${ref}:${ref}`])
      return await tip()
    },
    async isAncestor(older, newer) {
      const args = ['merge-base', '--is-ancestor', older, newer]
      const { code } = await git.local(directory, args, { accept: [1, 128] })
      if (code === 128) return 'unknown'
      return code === 0 ? 'yes' : 'no'
    },
    async list(commit, directories) {
      const paths = directories.map((path) => `${path}/`)
      return parseTree(await local('ls-tree', '-r', '-z', '--full-tree', commit, '--', ...paths))
    },
    async log(commit, since) {
      const range = since === null ? [commit] : [commit, `^${since}`]
      return parseLog(await local('log', '-z', '--topo-order', '--format=%H%x00%ct%x00%B', ...range, '--'))
    },
    isShallow: async () => (await readFile(join(directory, 'shallow')).catch(() => '')).length > 0,
    async deepen(commit, depth) {
      const args = [...fetchWords, `--depth=${depth}`, '--filter=tree:0', '--', 'origin', commit]
      await git.remote(directory, args)
    },
    blobs: (ids, range, limit) => readBlobs(git, directory, ids, range, limit),
    async importCommits(stream) {
      // `--force` is about the scratch ref of this clone, which moves with the tip; no server hears of it.
      const args = ['fast-import', '--quiet', '--force', '--done']
      const { stdout } = await git.local(directory, args, { input: stream })
      return stdout.toString().trim().split('\n').map(commitSha)
    },
    async push(commit, expected) {
      const args = ['push', '--porcelain', '--quiet', '--', 'origin', `${commit}:${ref}`]
      const settings = { 'core.hooksPath': guardDirectory(directory) }
      const variables = { MAYFLY_EXPECTED: expected ?? '0'.repeat(commit.length) }
      await git.remote(directory, args, { settings, variables })
    },
  }

  async function tip(): Promise<CommitSha> {
    return commitSha((await local('rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`)).trim())
  }
}

const fetchWords = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance']

async function readBlobs(
  git: Git,
  directory: string,
  ids: readonly string[],
  range: BlobRange,
  limit: number,
): Promise<Map<string, Buffer>> {
  const blobs = new Map<string, Buffer>()
  if (ids.length === 0) return blobs
  await fetchMissing(git, directory, new Set(ids), range)
  const sizes = await git.local(directory, ['cat-file', '--batch-check'], { input: ids.join('\n') })
  const small = parseSizes(sizes.stdout.toString()).filter(({ size }) => size <= limit)
  for (let at = 0; at < small.length; at += 1000) {
    const input = small
      .slice(at, at + 1000)
      .map(({ id }) => id)
      .join('\n')
    const { stdout } = await git.local(directory, ['cat-file', '--batch'], { input })
    for (const [id, bytes] of parseBlobs(stdout)) blobs.set(id, bytes)
  }
  return blobs
}

/** One question for all of them: git itself would ask for each missing blob on its own. */
async function fetchMissing(
  git: Git,
  directory: string,
  wanted: ReadonlySet<string>,
  { tip, since }: BlobRange,
): Promise<void> {
  const range = since === null ? ['--max-count=1', tip] : [tip, `^${since}`]
  const args = ['rev-list', '--objects', '--no-object-names', '--missing=print', ...range, '--']
  const missing = (await git.local(directory, args)).stdout
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('?') && wanted.has(line.slice(1)))
    .map((line) => line.slice(1))
  if (missing.length === 0) return
  const fetch = [...fetchWords, '--filter=blob:none', '--stdin', '--', 'origin']
  // Nothing to negotiate: whole blobs are wanted, whatever else is here.
  const settings = { 'fetch.negotiationAlgorithm': 'noop' }
  await git.remote(directory, fetch, { input: `${missing.join('\n')}\n`, settings })
}

/** Reads `git ls-tree -r -z`. */
function parseTree(output: string): ListedFile[] {
  return output
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t')
      const [mode, , blob = ''] = line.slice(0, tab).split(' ')
      return { path: line.slice(tab + 1), blob, regular: mode === '100644' }
    })
}
