import { type CommitSha, commitSha } from '../preview/brand.ts'
import { type PreviewId, parsePreviewId } from '../preview/preview-id.ts'
import { type LayeredMap, layeredMap } from './layered-map.ts'
import type { BranchApproval, PreviewHistory } from './port.ts'

/** What the commits of the branch tell. Immutable. */
export interface BranchHistory {
  readonly previews: LayeredMap<PreviewId, PreviewLife>
  /** When previews were removed without an event, as far back as the breaker looks. */
  readonly sweepRemovals: readonly Date[]
  /** Previews whose removal the breaker holds back, by their newest commit. */
  readonly held: ReadonlySet<PreviewId>
  /** Previews that wait for a place, by their newest commit. */
  readonly queue: ReadonlyMap<PreviewId, QueuedClaim>
  /** The newest approval of each preview. */
  readonly approvals: ReadonlyMap<PreviewId, BranchApproval>
  /** When a manifest was removed last, so a place came free; null: not as far back as we looked. */
  readonly freedAt: Date | null
  /** When somebody else committed last; null: not as far back as we looked. */
  readonly foreignAt: Date | null
}

/** A trail, with what is needed to go on from it. */
export interface PreviewLife extends PreviewHistory {
  readonly preview: PreviewId
  readonly lastSha: string | null
}

/** One that waits, as its commit tells. */
export interface QueuedClaim {
  readonly preview: PreviewId
  /** When its merge request was opened. */
  readonly at: Date
  readonly author: string | null
}

export interface CommitFacts {
  readonly commit: CommitSha
  readonly at: Date
  readonly message: string
}

export const emptyHistory: BranchHistory = {
  previews: layeredMap(),
  sweepRemovals: [],
  held: new Set(),
  queue: new Map(),
  approvals: new Map(),
  freedAt: null,
  foreignAt: null,
}

/** `commits` oldest first. Commits of somebody else, without our trailers, say only when. */
export function extendHistory(history: BranchHistory, commits: readonly CommitFacts[]): BranchHistory {
  const lives = new Map<PreviewId, PreviewLife>()
  const sweepRemovals: Date[] = [...history.sweepRemovals]
  const held = new Set(history.held)
  const queue = new Map(history.queue)
  const approvals = new Map(history.approvals)
  let { foreignAt, freedAt } = history
  for (const facts of commits) {
    const trailers = readTrailers(facts.message)
    const id = trailers['Mayfly-Preview'] ?? ''
    if (parsePreviewId(id) === undefined) {
      foreignAt = facts.at
      continue
    }
    const preview = id as PreviewId
    const verb = /^preview \S+: ([a-z]+)/.exec(facts.message)?.[1] ?? 'update'
    const life = lives.get(preview) ?? history.previews.get(preview)
    if (verb === 'hold') {
      held.add(preview)
      continue
    }
    if (verb === 'approve') {
      approvals.set(preview, {
        sha: trailers['Mayfly-Sha'] ?? '',
        by: trailers['Mayfly-Approved-By'] ?? 'somebody who may write',
      })
      continue
    }
    if (verb === 'wait') {
      queue.set(preview, queuedClaim(preview, facts, trailers))
      continue
    }
    queue.delete(preview)
    if (verb === 'leave') continue
    held.delete(preview)
    if (verb === 'remove') freedAt = facts.at
    const prompted = !isPromptedByNobody(trailers)
    lives.set(preview, {
      ...liveOn(life, preview, facts, verb, trailers['Mayfly-Sha'] ?? null),
      byEvent: prompted,
      cause: trailers['Mayfly-Cause'] ?? null,
      sha: trailers['Mayfly-Sha'] ?? null,
      by: trailers['Mayfly-By'] ?? null,
    })
    if (verb === 'remove' && !prompted) sweepRemovals.push(facts.at)
  }
  const previews = history.previews.with(lives)
  return { previews, sweepRemovals: newestOnly(sweepRemovals), held, queue, approvals, freedAt, foreignAt }
}

function queuedClaim(
  preview: PreviewId,
  { at }: CommitFacts,
  trailers: Readonly<Record<string, string>>,
): QueuedClaim {
  const since = new Date(trailers['Mayfly-Since'] ?? '')
  const author = trailers['Mayfly-Author'] ?? null
  return { preview, at: Number.isNaN(since.getTime()) ? at : since, author }
}

function liveOn(
  life: PreviewLife | undefined,
  preview: PreviewId,
  { commit, at }: CommitFacts,
  verb: string,
  sha: string | null,
): Omit<PreviewLife, 'byEvent' | 'cause' | 'sha' | 'by'> {
  if (verb === 'remove') {
    const { createdAt = null, deploys = 0, lastSha = null } = life ?? {}
    return { preview, commit, at, createdAt, deploys, removed: true, lastSha }
  }
  if (verb === 'create' || life?.removed === true)
    return { preview, commit, at, createdAt: at, deploys: 1, removed: false, lastSha: sha }
  const isNew = sha !== null && sha !== life?.lastSha
  return {
    preview,
    commit,
    at,
    createdAt: life?.createdAt ?? null,
    deploys: (life?.deploys ?? 0) + Number(isNew),
    removed: false,
    lastSha: sha ?? life?.lastSha ?? null,
  }
}

function isPromptedByNobody(trailers: Readonly<Record<string, string>>): boolean {
  return trailers['Mayfly-Cause'] === 'sweep' || trailers['Mayfly-Prompt'] === 'sweep'
}

/** In the order of the branch: dates are what clocks said, and a clock may have been wrong. */
function newestOnly(dates: readonly Date[]): readonly Date[] {
  return dates.slice(-mostRemovals)
}

/** More than the breaker lets go within its window, for as many previews as an installation can have. */
const mostRemovals = 5_000

/** The last paragraph's `Mayfly-*` lines; a message without any gives none. */
export function readTrailers(message: string): Record<string, string> {
  const paragraph =
    message
      .trimEnd()
      .split(/\n\s*\n/)
      .at(-1) ?? ''
  return Object.fromEntries(
    paragraph.split('\n').flatMap((line) => {
      const [, key, value] = /^(Mayfly-[A-Za-z-]+):\s*(.*)$/.exec(line) ?? []
      return key === undefined || value === undefined ? [] : [[key, value.trim()]]
    }),
  )
}

/** Reads `git log -z --format=%H%x00%ct%x00%B`: newest first in, oldest first out. */
export function parseLog(output: string): CommitFacts[] {
  const fields = output.split('\0')
  const commits: CommitFacts[] = []
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [id = '', seconds = '', message = ''] = fields.slice(at, at + 3)
    commits.push({ commit: commitSha(id), at: new Date(Number(seconds) * 1000), message })
  }
  return commits.reverse()
}
