import type { Clock } from '../pace/clock.ts'
import type { CommitSha } from '../preview/brand.ts'
import { type MergeRequestKey, parseMergeRequestKey } from '../preview/key.ts'
import type { PreviewId } from '../preview/preview-id.ts'
import type { PreviewState, PreviewStatus } from '../preview/status.ts'

/** One preview as `GET /api/previews` shows it: every field always there, null where unknown, times in ISO 8601 UTC. */
export interface PreviewRecord {
  readonly name: string
  readonly application: string
  readonly number: number
  readonly mergeRequestUrl: string | null
  readonly branch: string | null
  readonly author: string | null
  readonly url: string | null
  readonly namespace: string
  readonly state: PreviewState
  readonly message: string
  readonly sha: CommitSha | null
  readonly servingSha: CommitSha | null
  /** When the state last changed. */
  readonly since: string
  /** When anything of this record last changed. */
  readonly updatedAt: string
  readonly manifest: { readonly path: string; readonly commit: CommitSha | null } | null
}

/** What a pass found out about one preview; null what the forge no longer says. */
export interface RegistryEntry {
  readonly status: PreviewStatus
  readonly mergeRequestUrl: string | null
  readonly branch: string | null
  readonly author: string | null
}

/** What this process last saw of every preview. Memory only: the first sweep fills it again. */
export interface PreviewRegistry {
  /** Records what a pass over merge request `key` found; what is null keeps what was known before. */
  readonly record: (key: MergeRequestKey, facts: RegistryEntry) => void
  /** Previews of other merge requests of that repository that stand for the same commit of an application. */
  readonly sharing: (key: MergeRequestKey, application: string, sha: CommitSha) => readonly PreviewRecord[]
  /** Merge requests of a repository, as its key names it, of which `sha` (or a commit that begins so) was the head when a pass last looked, and which have not ended. */
  readonly keysAt: (forge: string, repository: string, sha: string) => readonly MergeRequestKey[]
  /** Whose record `records` shows under this name; null: nobody's. */
  readonly find: (name: string) => FoundPreview | null
  readonly forget: (preview: PreviewId) => void
  /** Sorted by name. Removed previews stay for an hour, at most 500 of them. */
  readonly records: () => readonly PreviewRecord[]
  readonly counts: () => Readonly<Record<PreviewState, number>>
}

export interface FoundPreview {
  readonly key: MergeRequestKey
  readonly preview: PreviewId
}

const keepRemovedMs = 60 * 60_000
const keepRemovedCount = 500

interface Registered {
  /** On the monotonic clock, when the state of the record last changed. */
  readonly sinceMs: number
  readonly key: MergeRequestKey
  readonly record: PreviewRecord
}

/** An empty registry. */
export function createPreviewRegistry(clock: Pick<Clock, 'now' | 'monotonicMs'>): PreviewRegistry {
  const entries = new Map<PreviewId, Registered>()

  return {
    record(key, facts) {
      const id = facts.status.preview
      const known = entries.get(id)
      const before = known?.record
      // Put in anew, so that the order of the map is the order of the last change.
      const record = recordOf(facts, before, clock.now().toISOString())
      if (record === before) return
      entries.delete(id)
      const sinceMs = before?.state === record.state ? (known?.sinceMs ?? 0) : clock.monotonicMs()
      entries.set(id, { key, record, sinceMs })
      dropOldRemoved(entries, clock.monotonicMs())
    },
    sharing: (key, application, sha) =>
      [...entries.values()].flatMap(({ key: other, record }) => {
        const isSame = record.application === application && record.sha === sha
        return isSame && !hasEnded(record) && other !== key && sameRepository(other, key) ? [record] : []
      }),
    keysAt: (forge, repository, sha) => {
      const keys = [...entries.values()].flatMap(({ key, record }) => {
        const its = parseMergeRequestKey(key)
        const isThere = its.forge === forge && its.repository === repository
        return isThere && record.sha?.startsWith(sha) === true && !hasEnded(record) ? [key] : []
      })
      return [...new Set(keys)]
    },
    find(name) {
      dropOldRemoved(entries, clock.monotonicMs())
      const found = [...entries].find(([, { record }]) => record.name === name)
      return found === undefined ? null : { preview: found[0], key: found[1].key }
    },
    forget: (preview) => {
      entries.delete(preview)
    },
    records() {
      dropOldRemoved(entries, clock.monotonicMs())
      return [...entries.values()].toSorted(byName).map((entry) => entry.record)
    },
    counts() {
      dropOldRemoved(entries, clock.monotonicMs())
      return countStates([...entries.values()])
    },
  }
}

function hasEnded({ state }: PreviewRecord): boolean {
  return state === 'removed' || state === 'removing'
}

function sameRepository(one: MergeRequestKey, other: MergeRequestKey): boolean {
  const [a, b] = [parseMergeRequestKey(one), parseMergeRequestKey(other)]
  return a.forge === b.forge && a.repository === b.repository
}

function recordOf(facts: RegistryEntry, before: PreviewRecord | undefined, now: string): PreviewRecord {
  const { status } = facts
  const record: PreviewRecord = {
    name: status.name,
    application: status.application,
    number: status.number,
    mergeRequestUrl: facts.mergeRequestUrl ?? before?.mergeRequestUrl ?? null,
    branch: facts.branch ?? before?.branch ?? null,
    author: facts.author ?? before?.author ?? null,
    url: status.url,
    namespace: status.namespace,
    state: status.state,
    message: status.message,
    sha: status.sha,
    servingSha: status.servingSha,
    since: before?.state === status.state ? before.since : now,
    updatedAt: before?.updatedAt ?? now,
    manifest:
      status.manifest === null ? null : { path: status.manifest.path, commit: status.manifest.commit },
  }
  if (before !== undefined && JSON.stringify(record) === JSON.stringify(before)) return before
  return { ...record, updatedAt: now }
}

function dropOldRemoved(entries: Map<PreviewId, Registered>, nowMs: number): void {
  const removed = [...entries].filter(([, { record }]) => record.state === 'removed')
  const tooMany = removed.length - keepRemovedCount
  removed.forEach(([id, { sinceMs }], index) => {
    const tooOld = nowMs - sinceMs > keepRemovedMs
    if (tooOld || index < tooMany) entries.delete(id)
  })
}

function byName(a: Registered, b: Registered): number {
  return compare(a.record.name, b.record.name) || compare(a.key, b.key)
}

// By code unit: the same order on every machine.
function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function countStates(entries: readonly Registered[]): Record<PreviewState, number> {
  const counts: Record<PreviewState, number> = {
    waiting: 0,
    deploying: 0,
    ready: 0,
    degraded: 0,
    failed: 0,
    refused: 0,
    removing: 0,
    removed: 0,
  }
  for (const { record } of entries) counts[record.state] += 1
  return counts
}
