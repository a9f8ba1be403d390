import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CommitSha } from '../../preview/brand.ts'
import type { Log } from '../../log.ts'
import { type CommitFacts, extendHistory } from '../history.ts'
import type { TemplateFile } from '../port.ts'
import { manifestSizeLimit } from '../read-manifest.ts'
import type { Snapshot } from '../snapshot.ts'
import { changeFiles, emptyTreeIndex, type FileChange, indexFile, type TreeIndex } from '../tree-index.ts'
import type { Clone, ListedFile } from './clone.ts'
import type { BlobRange } from './read-blobs.ts'
import { readHistory } from './read-history.ts'

export interface SnapshotInput {
  readonly clone: Clone
  readonly directory: string
  readonly templates: string
  readonly log: Log
}

/** Reads the branch at `tip`; of what `before` knows already nothing is read again. */
export async function readSnapshot(
  input: SnapshotInput,
  tip: CommitSha,
  before: Snapshot | undefined,
): Promise<Snapshot> {
  const { clone, directory, templates, log } = input
  // Both at once: after a lost race this is part of the window in which the next one is lost.
  const [newer, listed] = await Promise.all([
    before === undefined ? undefined : readNews(input, before.commit, tip),
    clone.list(tip, [directory, templates]),
  ])
  const inside = (folder: string): ListedFile[] => listed.filter(({ path }) => path.startsWith(`${folder}/`))
  const range = { tip, since: newer === undefined ? null : (before?.commit ?? null) }
  // Itself, where it is a file or a link: nothing may be written over it.
  const isItself = ({ path }: ListedFile): boolean => path === directory
  const here = [...listed.filter(isItself), ...inside(directory)]
  const tree = await readTree(input, here, before?.tree ?? emptyTreeIndex, range)
  const templateFiles = await readTemplates(input, inside(templates), before?.templates ?? new Map(), range)
  const history =
    before === undefined || newer === undefined
      ? await readHistory(clone, tip, tree, log)
      : extendHistory(before.history, newer)
  return { commit: tip, tree, history, templates: templateFiles }
}

/** What was built on the known tip; undefined when the new one was not, for the remote is the truth either way. */
async function readNews(
  { clone, log }: SnapshotInput,
  before: CommitSha,
  tip: CommitSha,
): Promise<readonly CommitFacts[] | undefined> {
  const since = await clone.logSince(before, tip)
  if (since === undefined) {
    log.warn({ before, tip }, 'The environment branch moved further than its history is read')
    return undefined
  }
  if (!since.isRewritten) return since.commits
  log.error({ before, tip }, 'The environment branch was rewritten: going on from its new tip')
  return undefined
}

async function readTree(
  { clone, directory }: SnapshotInput,
  listed: readonly ListedFile[],
  before: TreeIndex,
  range: BlobRange,
): Promise<TreeIndex> {
  const present = new Set(listed.map(({ path }) => path))
  const gone = [...before.files.values()].filter(({ path }) => !present.has(path))
  const changed = listed.filter(({ path, blob }) => before.files.get(path)?.blob !== blob)
  const ids = changed.filter(({ path }) => isRead(path)).map(({ blob }) => blob)
  const blobs = await clone.blobs([...new Set(ids)], range, manifestSizeLimit)
  const changes: FileChange[] = gone.map(({ path }) => ({ path, file: undefined }))
  for (const [index, file] of changed.entries()) {
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
