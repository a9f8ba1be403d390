import type { Manifest } from '../environment-repository/port.ts'
import { shortSha } from '../preview/brand.ts'
import type { MergeRequest } from '../preview/merge-request.ts'
import { plainLine } from '../preview/plain-line.ts'
import type { Admission } from './admission.ts'

/** `mayfly.dev/paused` on a manifest, with any text but `false`: the one annotation whose edit by hand is kept. */
export function isPaused(standing: readonly Manifest[]): boolean {
  return reasonOf(standing) !== null
}

/** Why a newer commit is not written over a paused preview; null: it is not paused, or nothing newer is there. */
export function pausedByHand(standing: readonly Manifest[], { sha }: MergeRequest): Admission | null {
  const reason = reasonOf(standing)
  const [manifest] = standing
  if (reason === null || manifest === undefined) return null
  const words = reason === 'true' ? 'this preview is paused' : `this preview is paused: ${reason}`
  const rulings = [{ rule: 'pause', answer: 'no', saw: words }] as const
  if (manifest.sha === sha) return { held: null, pinned: {}, rulings, approvedBy: null }
  const kept = manifest.sha === null ? 'what stands' : shortSha(manifest.sha)
  const advice = `Whoever may push to the environment repository can take the annotation mayfly.dev/paused off ${manifest.path}; until then ${kept} stays.`
  return {
    held: { state: 'waiting', message: words, details: [], advice, againMs: null, forPeople: true },
    pinned: {},
    rulings,
    approvedBy: null,
  }
}

function reasonOf(standing: readonly Manifest[]): string | null {
  const reason = standing.map(({ annotations }) => annotations['paused']).find((text) => text !== undefined)
  if (reason === undefined || reason === 'false') return null
  return plainLine(reason, 200) || 'true'
}
