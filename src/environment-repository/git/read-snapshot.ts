import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CommitSha } from '../../preview/brand.ts'
import type { Log } from '../../log.ts'
import { emptyHistory, extendHistory, type History } from '../history.ts'
import type { TemplateFile } from '../port.ts'
import { manifestSizeLimit } from '../read-manifest.ts'
import type { Snapshot } from '../snapshot.ts'
import { changeFiles, emptyTreeIndex, type FileChange, indexFile, type TreeIndex } from '../tree-index.ts'
import type { BlobRange, Clone, ListedFile } from './clone.ts'
import { GitFailed } from './git-failed.ts'

export interface SnapshotInput {
  readonly clone: Clone
  readonly directory: string
  readonly templates: string
  readonly log: Log
}

/** How far back the first look at the history goes. */
export const firstDepth = 1000
const greatestDepth = 100_000

/** Reads the branch at `tip`; of what `before` knows already nothing is read again. */
export async function readSnapshot(
  input: SnapshotInput,
  tip: CommitSha,
  before: Snapshot | undefined,
): Promise<Snapshot> {
  const { clone, directory, templates } = input
  const since = before === undefined ? null : await commonGround(input, before.commit, tip)
  const listed = await clone.list(tip, [directory, templates])
  const inside = (folder: string): ListedFile[] => listed.filter(({ path }) => path.startsWith(`${folder}/`))
  const range = { tip, since }
  const tree = await readTree(input, inside(directory), before?.tree ?? emptyTreeIndex, range)
  const templateFiles = await readTemplates(input, inside(templates), before?.templates ?? new Map(), range)
  const history =
    before === undefined || since === null
      ? await readHistory(input, tip, tree)
      : extendHistory(before.history, await clone.log(tip, since))
  return { commit: tip, tree, history, templates: templateFiles }
}

/** The known tip, if the new one was built on it; the remote is the truth either way. */
async function commonGround(
  { clone, log }: SnapshotInput,
  before: CommitSha,
  tip: CommitSha,
): Promise<CommitSha | null> {
  switch (await clone.isAncestor(before, tip)) {
    case 'yes':
      return before
    case 'no':
      log.error({ before, tip }, 'The environment branch was rewritten: going on from its new tip')
      return null
    case 'unknown':
      log.warn({ before, tip }, 'The environment branch moved further than its history is read')
      return null
  }
}

async function readTree(
  { clone, directory }: SnapshotInput,
  listed: readonly ListedFile[],
  before: TreeIndex,
  range: BlobRange,
): Promise<TreeIndex> {
  const present = new Set(listed.map(({ path }) => path))
  const gone = [...before.files.values()].filter(({ path }) => !present.has(path))
  const news = listed.filter(({ path, blob }) => before.files.get(path)?.blob !== blob)
  const ids = news.filter(({ path }) => isRead(path)).map(({ blob }) => blob)
  const blobs = await clone.blobs([...new Set(ids)], range, manifestSizeLimit)
  const changes: FileChange[] = gone.map(({ path }) => ({ path, file: undefined }))
  for (const [index, file] of news.entries()) {
    // Ten thousand files take seconds: webhooks and probes are answered meanwhile.
    if (index % 50 === 49) await nextTurn()
    const bytes = isRead(file.path) ? (blobs.get(file.blob) ?? nothing) : nothing
    changes.push({ path: file.path, file: indexFile(directory, file, bytes) })
  }
  return changeFiles(before, changes)
}

const nothing = new Uint8Array()

/** What an agent reads as manifests. */
function isRead(path: string): boolean {
  return /\.(ya?ml|json)$/.test(path)
}

async function readTemplates(
  { clone, templates }: SnapshotInput,
  listed: readonly ListedFile[],
  before: ReadonlyMap<string, TemplateFile>,
  range: BlobRange,
): Promise<ReadonlyMap<string, TemplateFile>> {
  const known = new Map([...before.values()].map((file) => [file.blob, file]))
  const ids = listed.filter(({ blob, regular }) => regular && !known.has(blob)).map(({ blob }) => blob)
  const blobs = await clone.blobs([...new Set(ids)], range, manifestSizeLimit)
  return new Map(
    listed.flatMap(({ path, blob }) => {
      const bytes = blobs.get(blob)
      const file = known.get(blob) ?? (bytes === undefined ? undefined : { blob, text: bytes.toString() })
      return file === undefined ? [] : [[path.slice(templates.length + 1), file] as const]
    }),
  )
}

/** Goes back as far as the manifests on the branch need it, within bounds. */
async function readHistory({ clone, log }: SnapshotInput, tip: CommitSha, tree: TreeIndex): Promise<History> {
  let commits = await clone.log(tip, null)
  let history = extendHistory(emptyHistory, commits)
  try {
    for (let depth = firstDepth; depth <= greatestDepth; depth *= 10) {
      if (!(await clone.isShallow())) break
      if (commits.length >= firstDepth && hasAllTrails(tree, history)) break
      if (commits.length >= depth) continue
      await clone.deepen(tip, depth)
      commits = await clone.log(tip, null)
      history = extendHistory(emptyHistory, commits)
    }
  } catch (error) {
    if (!(error instanceof GitFailed)) throw error
    log.warn({ error }, 'The history of the environment branch could not be read further back')
  }
  return history
}

function hasAllTrails(tree: TreeIndex, history: History): boolean {
  for (const [manifest] of tree.previews.values())
    if (manifest !== undefined && history.trails.get(manifest.preview) === undefined) return false
  return true
}
