import { createHash } from 'node:crypto'
import type { ObjectId } from '../preview/brand.ts'
import { type PreviewId, previewOfName } from '../preview/preview-id.ts'
import { type LayeredMap, layeredMap } from './layered-map.ts'
import { manifestPlace } from './manifest-path.ts'
import type { Manifest, Stranger } from './port.ts'
import { type ManifestFacts, readManifest, largerThanRead } from './read-manifest.ts'
import { type EntryKind, whyNoContent } from './tree-entry.ts'

/** All that the directory holds at one commit, findable by path, by preview and by object. Immutable. */
export interface TreeIndex {
  readonly files: LayeredMap<string, IndexedFile>
  readonly previews: LayeredMap<PreviewId, readonly Manifest[]>
  readonly objects: LayeredMap<ObjectId, readonly string[]>
  /** Files at the path of a preview that are not known for its manifest. */
  readonly strangers: LayeredMap<PreviewId, readonly Stranger[]>
}

export interface IndexedFile {
  readonly path: string
  readonly blob: string
  readonly kind: EntryKind
  /** Undefined: somebody else's. */
  readonly manifest: Manifest | undefined
  /** Set where the path is a preview's by its name, and the file is not its manifest. */
  readonly stranger: Stranger | undefined
  readonly objects: readonly ObjectId[]
}

export interface FileChange {
  readonly path: string
  /** Undefined: the file is gone. */
  readonly file: IndexedFile | undefined
}

export const emptyTreeIndex: TreeIndex = {
  files: layeredMap(),
  previews: layeredMap(),
  objects: layeredMap(),
  strangers: layeredMap(),
}

/** Looks into a file once. Links and submodules are never ours, whatever stands where they lead. */
export function indexFile(
  directory: string,
  file: { readonly path: string; readonly blob: string; readonly kind: EntryKind },
  bytes: Uint8Array | undefined,
): IndexedFile {
  const { path, blob, kind } = file
  const name = manifestPlace(directory, path)?.name
  const { ours, why, objects } = factsOf(kind, bytes)
  const named = name === undefined ? undefined : previewOfName(name)
  const isItsOwn = ours !== null && (named === undefined || named === ours.preview)
  const manifest = isItsOwn && name !== undefined ? { path, name, ...ours, objects } : undefined
  const reason = ours === null ? why : `it says that it is ${ours.preview}`
  const stranger =
    manifest === undefined && named !== undefined ? { path, preview: named, why: reason } : undefined
  return { path, blob, kind, manifest, stranger, objects }
}

/** `bytes` undefined: too large to be read. */
function factsOf(kind: EntryKind, bytes: Uint8Array | undefined): ManifestFacts {
  const why = whyNoContent(kind)
  if (why !== null) return { ours: null, why, objects: [] }
  return bytes === undefined ? { ours: null, why: largerThanRead, objects: [] } : readManifest(bytes)
}

/** Costs what the changes cost, not what the directory holds. */
export function changeFiles(index: TreeIndex, changes: readonly FileChange[]): TreeIndex {
  const previews = changeLists(index.previews, ({ path }: Manifest) => path)
  const strangers = changeLists(index.strangers, ({ path }: Stranger) => path)
  const objects = changeLists(index.objects, (path: string) => path)
  const files = new Map<string, IndexedFile | undefined>()
  for (const { path, file } of changes) {
    const before = files.has(path) ? files.get(path) : index.files.get(path)
    if (before?.manifest) previews.drop(before.manifest.preview, path)
    if (before?.stranger) strangers.drop(before.stranger.preview, path)
    for (const id of before?.objects ?? []) objects.drop(id, path)
    if (file?.manifest) previews.add(file.manifest.preview, file.manifest)
    if (file?.stranger) strangers.add(file.stranger.preview, file.stranger)
    for (const id of file?.objects ?? []) objects.add(id, path)
    files.set(path, file)
  }
  return {
    files: index.files.with(files),
    previews: previews.changed(),
    objects: objects.changed(),
    strangers: strangers.changed(),
  }
}

/** Lists by a key, on top of those of before; an item is known by its path. */
function changeLists<Key, Item>(before: LayeredMap<Key, readonly Item[]>, pathOf: (item: Item) => string) {
  const lists = new Map<Key, readonly Item[]>()
  const listOf = (key: Key): readonly Item[] => lists.get(key) ?? before.get(key) ?? []
  return {
    add(key: Key, item: Item): void {
      lists.set(key, [...listOf(key), item])
    },
    drop(key: Key, path: string): void {
      lists.set(
        key,
        listOf(key).filter((item) => pathOf(item) !== path),
      )
    },
    changed: () => before.with(withoutEmpty(lists)),
  }
}

function* withoutEmpty<Key, Item>(
  map: ReadonlyMap<Key, readonly Item[]>,
): Generator<readonly [Key, readonly Item[] | undefined]> {
  for (const [key, items] of map) yield [key, items.length === 0 ? undefined : items]
}

/** The id git gives to these bytes; `like` is any object id of the repository, for its hash function. */
export function blobId(content: string, like: string): string {
  const bytes = Buffer.from(content)
  return createHash(like.length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex')
}
