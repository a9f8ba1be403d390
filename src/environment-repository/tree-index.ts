import { createHash } from 'node:crypto'
import type { ObjectId } from '../preview/brand.ts'
import type { PreviewId } from '../preview/preview-id.ts'
import { type LayeredMap, layeredMap } from './layered-map.ts'
import { manifestPlace } from './manifest-path.ts'
import type { Manifest } from './port.ts'
import { readManifest } from './read-manifest.ts'

/** All that the directory holds at one commit, findable by path, by preview and by object. Immutable. */
export interface TreeIndex {
  readonly files: LayeredMap<string, IndexedFile>
  readonly previews: LayeredMap<PreviewId, readonly Manifest[]>
  readonly objects: LayeredMap<ObjectId, readonly string[]>
}

export interface IndexedFile {
  readonly path: string
  readonly blob: string
  /** Undefined: somebody else's. */
  readonly manifest: Manifest | undefined
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
}

/** Looks into a file once; `regular` is false for links, submodules and executables, which are never ours. */
export function indexFile(
  directory: string,
  file: { readonly path: string; readonly blob: string; readonly regular: boolean },
  bytes: Uint8Array,
): IndexedFile {
  const { path, blob } = file
  const name = manifestPlace(directory, path)?.name
  const { ours, objects } = readManifest(bytes)
  const manifest =
    ours === null || name === undefined || !file.regular ? undefined : { path, name, ...ours, objects }
  return { path, blob, manifest, objects }
}

/** Costs what the changes cost, not what the directory holds. */
export function changeFiles(index: TreeIndex, changes: readonly FileChange[]): TreeIndex {
  const previews = new Map<PreviewId, readonly Manifest[]>()
  const objects = new Map<ObjectId, readonly string[]>()
  const files = new Map<string, IndexedFile | undefined>()
  for (const { path, file } of changes) {
    const before = files.has(path) ? files.get(path) : index.files.get(path)
    if (before !== undefined) forget(before)
    if (file !== undefined) learn(file)
    files.set(path, file)
  }
  return {
    files: index.files.with(files),
    previews: index.previews.with(withoutEmpty(previews)),
    objects: index.objects.with(withoutEmpty(objects)),
  }

  function forget(file: IndexedFile): void {
    const preview = file.manifest?.preview
    if (preview !== undefined)
      previews.set(
        preview,
        manifestsOf(preview).filter(({ path }) => path !== file.path),
      )
    for (const id of file.objects)
      objects.set(
        id,
        holdersOf(id).filter((path) => path !== file.path),
      )
  }

  function learn(file: IndexedFile): void {
    const { manifest } = file
    if (manifest !== undefined) previews.set(manifest.preview, [...manifestsOf(manifest.preview), manifest])
    for (const id of file.objects) objects.set(id, [...holdersOf(id), file.path])
  }

  function manifestsOf(preview: PreviewId): readonly Manifest[] {
    return previews.get(preview) ?? index.previews.get(preview) ?? []
  }

  function holdersOf(id: ObjectId): readonly string[] {
    return objects.get(id) ?? index.objects.get(id) ?? []
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
