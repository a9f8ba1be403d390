import { parseAllDocuments } from 'yaml'
import { type CommitSha, commitSha, type ObjectId, objectId } from '../preview/brand.ts'
import { type PreviewId, parsePreviewId } from '../preview/preview-id.ts'
import { decodeText } from './tree-entry.ts'

/** Files above this many bytes are not looked into. */
export const manifestSizeLimit = 1024 * 1024

/** What a file says, wherever it stands. */
export interface ManifestFacts {
  /** Null for a file that no preview wrote, or that cannot be read: `why` says which. */
  readonly ours: OurFacts | null
  readonly why: string
  readonly objects: readonly ObjectId[]
}

export interface OurFacts {
  readonly preview: PreviewId
  readonly sha: CommitSha | null
  /** All `mayfly.dev/*` annotations of the first object, without the prefix. */
  readonly annotations: Readonly<Record<string, string>>
  readonly content: string
}

const prefix = 'mayfly.dev/'
function foreign(why: string, objects: readonly ObjectId[] = []): ManifestFacts {
  return { ours: null, why, objects }
}

/** Never throws: whatever cannot be read is foreign and holds nothing. */
export function readManifest(bytes: Uint8Array): ManifestFacts {
  if (bytes.length > manifestSizeLimit) return foreign(largerThanRead)
  const read = decodeText(bytes)
  if ('why' in read) return foreign(read.why)
  try {
    return factsOf(read.text)
  } catch {
    return foreign('it cannot be read as YAML')
  }
}

export const largerThanRead = 'it is larger than 1 MiB'

function factsOf(content: string): ManifestFacts {
  const objects = readObjects(content)
  const [first] = objects
  if (first === undefined) return foreign('it holds no object')
  const annotations = ownAnnotations(first)
  const preview = annotations['preview']
  const ids = objects.flatMap(identify)
  if (preview === undefined || parsePreviewId(preview) === undefined)
    return foreign('its first object does not carry the annotation mayfly.dev/preview', ids)
  const sha = shaOf(annotations['sha'])
  return { ours: { preview: preview as PreviewId, sha, annotations, content }, why: '', objects: ids }
}

function readObjects(content: string): unknown[] {
  const documents = parseAllDocuments(content, { prettyErrors: false, uniqueKeys: false, logLevel: 'silent' })
  if (!Array.isArray(documents)) return []
  return documents
    .map((document) => {
      const [error] = document.errors
      if (error !== undefined) throw error
      return document.toJS({ maxAliasCount: 100 }) as unknown
    })
    .filter((value) => value !== null && value !== undefined)
}

function ownAnnotations(object: unknown): Record<string, string> {
  const annotations = field(field(object, 'metadata'), 'annotations')
  if (typeof annotations !== 'object' || annotations === null) return {}
  return Object.fromEntries(
    Object.entries(annotations)
      .filter(
        (entry): entry is [string, string] => entry[0].startsWith(prefix) && typeof entry[1] === 'string',
      )
      .map(([key, value]) => [key.slice(prefix.length), value]),
  )
}

/** A `List` stands for its items. */
function identify(object: unknown): ObjectId[] {
  const items = field(object, 'items')
  const kind = text(field(object, 'kind'))
  if (kind.endsWith('List') && Array.isArray(items)) return items.flatMap(identifyOne)
  return identifyOne(object)
}

function identifyOne(object: unknown): ObjectId[] {
  const metadata = field(object, 'metadata')
  const kind = text(field(object, 'kind'))
  const name = text(field(metadata, 'name'))
  if (kind === '' || name === '') return []
  return [objectId(text(field(object, 'apiVersion')), kind, text(field(metadata, 'namespace')), name)]
}

function shaOf(value: string | undefined): CommitSha | null {
  try {
    return commitSha(value ?? '')
  } catch {
    return null
  }
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
