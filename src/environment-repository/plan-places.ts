import { type PlaceAnswer, type PlaceHolder, claimPlace } from '../lifecycle/places.ts'
import { shortSha } from '../preview/brand.ts'
import { parsePreviewId, type PreviewId } from '../preview/preview-id.ts'
import { commitMessage } from './commit-message.ts'
import type { BranchHistory, QueuedClaim } from './history.ts'
import { manifestPlace } from './manifest-path.ts'
import type { CommitPlanInput, Decision, PlannedCommit, ProposedChange } from './commit-plan.ts'
import type { BranchNote, Manifest, PlaceWish } from './port.ts'
import type { TreeIndex } from './tree-index.ts'

type Queue = BranchHistory['queue']

interface Tip {
  readonly tree: TreeIndex
  readonly queue: Queue
}

type Claiming = Extract<PlaceWish, { kind: 'claim' }>

/** Whoever is before has had this long to come for a free place, in ms: after it nobody waits for them (law 11). */
const patienceMs = 60_000

/** Counted here, on the tip that the push builds on: two writers can never both take the last place. */
export function decidePlace(
  { preview, place }: Pick<ProposedChange, 'preview' | 'place'>,
  { tree, queue }: Tip,
  { history, now }: Pick<CommitPlanInput, 'history' | 'now'>,
): PlaceAnswer {
  // An update of what stands is never counted, whoever calls it a creation.
  if (place.kind !== 'claim' || tree.previews.get(preview) !== undefined) return { kind: 'free' }
  const { limits, claim } = place
  const { freedAt } = history
  return claimPlace({
    limits,
    standing: [...tree.previews.values()].flatMap(([manifest]) =>
      manifest === undefined ? [] : [holderOf(manifest.preview, authorOf(manifest), place)],
    ),
    // Of an application that is not configured any more nobody comes.
    waiting: [...queue.values()]
      .map((queued) => ({ ...holderOf(queued.preview, queued.author, place), at: queued.at }))
      .filter(({ repository }) => repository !== ''),
    mine: claim,
    isOverdue: freedAt === null || now.getTime() - freedAt.getTime() > patienceMs,
  })
}

function authorOf({ annotations }: Manifest): string | null {
  return annotations['author'] ?? null
}

function holderOf(preview: PreviewId, author: string | null, { repositoryOf }: Claiming): PlaceHolder {
  const application = parsePreviewId(preview)?.application ?? ''
  return { preview, application, repository: repositoryOf(application), author }
}

/** One author's merge requests that are remembered at once: the others come again with the sweep. */
const mostClaims = 50

/** A commit without files: that somebody waits, no longer does, or was approved, is there for every replica and after any restart. */
export function noteOnBranch(
  change: ProposedChange,
  decision: Decision | { readonly kind: 'go' },
  queue: Queue,
  input: CommitPlanInput,
): { readonly commit: PlannedCommit; readonly queue: Queue } | null {
  const { preview, place, note } = change
  const isQueued = queue.has(preview)
  if (note !== null && decision.kind === 'unchanged') return noted(change, note, queue, input)
  if (decision.kind !== 'full' || place.kind !== 'claim' || isQueued) return null
  const { at, author } = place.claim
  if (place.limits.whenFull === 'refuse' || countOf(queue, author) >= mostClaims) return null
  return {
    commit: waiting(change, place, input),
    queue: new Map([...queue, [preview, { preview, at, author }]]),
  }
}

/** Once: what the branch says already is not said again. */
function noted(
  { preview }: ProposedChange,
  note: BranchNote,
  queue: Queue,
  input: CommitPlanInput,
): { readonly commit: PlannedCommit; readonly queue: Queue } | null {
  switch (note.kind) {
    case 'leave':
      if (!queue.has(preview)) return null
      return {
        commit: bare(input, preview, 'leave the queue', { 'Mayfly-Cause': 'left' }),
        queue: withoutClaim(queue, preview),
      }
    case 'approve': {
      if (input.history.approvals.get(preview)?.sha === note.sha) return null
      const trailers = { 'Mayfly-Sha': note.sha, 'Mayfly-Cause': 'approved', 'Mayfly-Approved-By': note.by }
      return { commit: bare(input, preview, `approve ${shortSha(note.sha)}`, trailers), queue }
    }
  }
}

function countOf(queue: Queue, author: string | null): number {
  return [...queue.values()].filter((claim: QueuedClaim) => claim.author === author).length
}

export function withoutClaim(queue: Queue, preview: PreviewId): Queue {
  return queue.has(preview) ? new Map([...queue].filter(([other]) => other !== preview)) : queue
}

function waiting(
  { preview, edits }: ProposedChange,
  { claim }: Claiming,
  { committer, now, directory }: CommitPlanInput,
): PlannedCommit {
  const name = manifestPlace(directory, edits[0]?.path ?? '')?.name ?? preview
  const message = commitMessage(`preview ${name}: wait for a place`, {
    'Mayfly-Preview': preview,
    'Mayfly-Cause': 'waiting',
    'Mayfly-Since': claim.at.toISOString(),
    ...(claim.author === null ? {} : { 'Mayfly-Author': claim.author }),
  })
  return { author: committer, message, edits: [], at: now }
}

function bare(
  { committer, now }: CommitPlanInput,
  preview: PreviewId,
  what: string,
  trailers: Readonly<Record<string, string>>,
): PlannedCommit {
  const message = commitMessage(`preview ${preview}: ${what}`, { 'Mayfly-Preview': preview, ...trailers })
  return { author: committer, message, edits: [], at: now }
}
