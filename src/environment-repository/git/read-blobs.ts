import type { CommitSha } from '../../preview/brand.ts'
import { type Git, fetchWords } from './create-git.ts'

/** Where blobs are looked for: all at `tip`, or only what came after `since`. */
export interface BlobRange {
  readonly tip: CommitSha
  readonly since: CommitSha | null
}

export interface BlobsInput {
  readonly git: Git
  readonly directory: string
  readonly ids: readonly string[]
  readonly range: BlobRange
  /** Larger ones, in bytes, are left out. */
  readonly limit: number
}

/**
 * So few that came with the last fetch are simply read. Git itself asks the server for one that is missing all the same, as after
 * a lost race, hence with credentials.
 */
const few = 20

/** Contents by blob id. Those that are missing are fetched in bulk, and never more than some MB are held at once. */
export async function readBlobs(input: BlobsInput): Promise<Map<string, Buffer>> {
  const { git, directory, ids, range, limit } = input
  if (ids.length === 0) return new Map()
  if (range.since === null || ids.length > few) await fetchMissing(input)
  const { stdout } = await git.remote(directory, ['cat-file', '--batch-check'], { input: ids.join('\n') })
  const small = parseSizes(stdout.toString()).filter(({ size }) => size <= limit)
  const blobs = new Map<string, Buffer>()
  for (let at = 0; at < small.length; at += 1000) {
    const part = small.slice(at, at + 1000).map(({ id }) => id)
    const contents = await git.remote(directory, ['cat-file', '--batch'], { input: part.join('\n') })
    for (const [id, bytes] of parseBlobs(contents.stdout)) blobs.set(id, bytes)
  }
  return blobs
}

/** One question for all of them: git itself would ask for each missing blob on its own. */
async function fetchMissing({ git, directory, ids, range: { tip, since } }: BlobsInput): Promise<void> {
  const wanted = new Set(ids)
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

/** Reads `git cat-file --batch-check`; objects that are not there are left out. */
function parseSizes(output: string): { readonly id: string; readonly size: number }[] {
  return output.split('\n').flatMap((line) => {
    const [id = '', type, size] = line.split(' ')
    return type === 'blob' ? [{ id, size: Number(size) }] : []
  })
}

/** Reads `git cat-file --batch`. Contents are views of `output`, not copies. */
function* parseBlobs(output: Buffer): Generator<readonly [id: string, bytes: Buffer]> {
  let at = 0
  while (at < output.length) {
    const end = output.indexOf(0x0a, at)
    if (end < 0) return
    const [id = '', type, size] = output.toString('latin1', at, end).split(' ')
    at = end + 1
    if (type !== 'blob') continue
    const length = Number(size)
    yield [id, output.subarray(at, at + length)]
    at += length + 1
  }
}
