import type { Clock } from '../../pace/clock.ts'
import type { CommitSha } from '../../preview/brand.ts'
import type { PreviewId } from '../../preview/preview-id.ts'
import type { KubernetesObject } from '../cluster.ts'
import { type Ownership, ownershipOf } from '../observe/ownership.ts'
import { ownSha } from '../observe/own-sha.ts'

/** What an object says in our words, for the commit that it was written for. */
export type Summary = (object: KubernetesObject, sha: CommitSha | null) => unknown

/**
 * Tells the preview of a change that matters, else null. Agents write into their objects every few minutes, and each hint costs
 * a question to the forge: only what would be reported otherwise than before is news.
 */
export function createChangeFilter(reading: Summary) {
  const published = new Map<string, string>()

  return (object: KubernetesObject, now: 'there' | 'gone'): PreviewId | null => {
    const marks = ownershipOf(object)
    if (!marks?.preview) return null
    const key = `${marks.kind} ${marks.namespace ?? ''}/${marks.name}`
    if (now === 'gone') {
      published.delete(key)
      return marks.preview
    }
    const words = wordsOf(object, marks, reading)
    if (published.get(key) === words) return null
    published.set(key, words)
    return marks.preview
  }
}

function wordsOf(
  object: KubernetesObject,
  { preview, annotations, leaving }: Ownership,
  reading: Summary,
): string {
  const sha = ownSha(annotations)
  return JSON.stringify([preview, sha, leaving, reading(object, sha)])
}

const TOGETHER_MS = 200

/** Tells of previews that changed: what changes within a moment of the first change is told once. */
export function createDebounce({ clock, closed }: { readonly clock: Clock; readonly closed: AbortSignal }) {
  const hearers: ((preview: PreviewId) => void)[] = []
  const changed = new Set<PreviewId>()

  function tellAll(): void {
    const previews = [...changed]
    changed.clear()
    for (const preview of previews) for (const hear of hearers) hear(preview)
  }

  return {
    hear: (hearer: (preview: PreviewId) => void): void => void hearers.push(hearer),
    add(preview: PreviewId): void {
      changed.add(preview)
      // The first of them brings the others along.
      if (changed.size === 1) clock.sleep(TOGETHER_MS, closed).then(tellAll, () => undefined)
    },
  }
}
