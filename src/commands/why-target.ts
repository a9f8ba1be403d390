import type { Application } from '../preview/application.ts'
import { type MergeRequestKey, parseMergeRequestKey } from '../preview/key.ts'
import { keyOfPreview, parsePreviewId, previewOfName, type PreviewId } from '../preview/preview-id.ts'
import { NotFound, UsageError } from './errors.ts'

/** What people ask about; `preview` null: every preview of the merge request. */
export interface WhyTarget {
  readonly key: MergeRequestKey
  readonly preview: PreviewId | null
}

/** A key is the only one that has a `#`. @throws UsageError when it is malformed; null: `text` is none. */
export function readWhyKey(text: string): MergeRequestKey | null {
  if (!text.includes('#')) return null
  try {
    parseMergeRequestKey(text)
    return text as MergeRequestKey
  } catch {
    throw new UsageError(
      `${JSON.stringify(text)} is no merge request: write <forge name>:<repository>#<number>, for example github:acme/shop#142`,
    )
  }
}

/** `shop-142-cart` and `shop/142` are the same preview; undefined: neither. */
export function readWhyPreview(text: string): PreviewId | undefined {
  return parsePreviewId(text) === undefined ? previewOfName(text) : (text as PreviewId)
}

/** @throws UsageError when `text` is nothing that can be asked about, NotFound when no application is meant. */
export function whyTarget(applications: readonly Application[], text: string): WhyTarget {
  const named = readWhyKey(text)
  if (named !== null) return { key: named, preview: null }
  const preview = readWhyPreview(text)
  if (preview === undefined)
    throw new UsageError(
      `${JSON.stringify(text)} is no preview and no merge request: write shop-142-cart, shop/142 or github:acme/shop#142`,
    )
  const key = keyOfPreview(applications, preview)
  if (key === null)
    throw new NotFound(
      `no application of ${preview} is configured; there are ${applications.map(({ name }) => name).join(', ')}`,
    )
  return { key, preview }
}
