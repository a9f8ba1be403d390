import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CommitSha } from '../../preview/brand.ts'
import type { Log } from '../../log.ts'
import { type CommitFacts, extendHistory } from '../history.ts'
import type { TemplateFile } from '../port.ts'
import { pausePath, readPause } from '../pause-file.ts'
import { manifestSizeLimit, largerThanRead } from '../read-manifest.ts'
import type { Snapshot } from '../snapshot.ts'
import { decodeText, type EntryKind, hasContent, whyNoContent } from '../tree-entry.ts'
import {
  changeFiles,
  emptyTreeIndex,
  type FileChange,
  type IndexedFile,
  indexFile,
  type TreeIndex,
} from '../tree-index.ts'
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
    clone.list(tip, [directory, templates, pausePath]),
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
  const pause = await readPauseFile(input, listed, range)
  return { commit: tip, tree, history, templates: templateFiles, pause }
}

/** Whatever stands at that path: a link or a folder of this name is meant all the same. */
async function readPauseFile(
  { clone }: SnapshotInput,
  listed: readonly ListedFile[],
  range: BlobRange,
): Promise<string | null> {
  const found = listed.find(({ path }) => path === pausePath || path.startsWith(`${pausePath}/`))
  if (found === undefined) return null
  if (!hasContent(found.kind)) return readPause(null)
  const bytes = (await clone.blobs([found.blob], range, mostPauseBytes)).get(found.blob)
  const read = bytes === undefined ? null : decodeText(bytes)
  return readPause(read !== null && 'text' in read ? read.text : null)
}

const mostPauseBytes = 64 * 1024

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
  const changed = listed.filter((file) => !isSame(before.files.get(file.path), file))
  const ids = changed.filter(isRead).map(({ blob }) => blob)
  const blobs = await clone.blobs([...new Set(ids)], range, manifestSizeLimit)
  const changes: FileChange[] = gone.map(({ path }) => ({ path, file: undefined }))
  for (const [index, file] of changed.entries()) {
    // Ten thousand files take seconds: webhooks and probes are answered meanwhile.
    if (index % 50 === 49) await nextTurn()
    const bytes = isRead(file) ? blobs.get(file.blob) : nothing
    changes.push({ path: file.path, file: indexFile(directory, file, bytes) })
  }
  return changeFiles(before, changes)
}

const nothing = new Uint8Array()

/** The bytes alone do not say what a path is: a link has them too. */
function isSame(known: IndexedFile | undefined, { blob, kind }: ListedFile): boolean {
  return known?.blob === blob && known.kind === kind
}

/** What an agent reads as manifests. */
function isRead({ path, kind }: ListedFile): boolean {
  return hasContent(kind) && /\.(ya?ml|json)$/.test(path)
}

async function readTemplates(
  { clone, templates }: SnapshotInput,
  listed: readonly ListedFile[],
  before: ReadonlyMap<string, TemplateFile>,
  range: BlobRange,
): Promise<ReadonlyMap<string, TemplateFile>> {
  const known = new Map(
    [...before.values()].filter((file) => 'text' in file).map((file) => [file.blob, file]),
  )
  const read = listed.filter(({ kind }) => hasContent(kind))
  const ids = read.map(({ blob }) => blob).filter((blob) => !known.has(blob))
  const blobs = await clone.blobs([...new Set(ids)], range, manifestSizeLimit)
  return new Map(
    listed.map(({ path, blob, kind }) => {
      const file =
        (hasContent(kind) ? known.get(blob) : undefined) ?? readTemplate(blob, kind, blobs.get(blob))
      return [path.slice(templates.length + 1), file]
    }),
  )
}

/** `bytes` undefined: there are none, or too many. */
function readTemplate(blob: string, kind: EntryKind, bytes: Uint8Array | undefined): TemplateFile {
  const why = whyNoContent(kind)
  if (why !== null) return { blob, why }
  return { blob, ...(bytes === undefined ? { why: largerThanRead } : decodeText(bytes)) }
}
