import type { ChangeResult } from '../environment-repository/port.ts'
import { type Desire, sameDesire } from '../preview/desire.ts'
import { RetryLater } from '../preview/errors.ts'
import { judge } from '../preview/judge.ts'
import type { Outcome } from '../preview/outcome.ts'
import type { PreviewId } from '../preview/preview-id.ts'
import type { Observation } from '../preview/observation.ts'
import type { PreviewStatus } from '../preview/status.ts'
import { type Asked, previewOf } from './asked.ts'
import { changeOf } from './change-of.ts'
import { classify, type UnknownWish } from './classify.ts'
import { type Draft, draft } from './draft.ts'
import { find, type Worked } from './find.ts'
import type { Installation } from './installation.ts'
import { lookAgain } from './look-again.ts'
import { observePreview } from './observe-preview.ts'
import { statusOf } from './status-of.ts'
import { stillLeaving } from './still-leaving.ts'
import { wishFor } from './wish-for.ts'

/** How one preview of a merge request came out of a look. */
export interface Settled {
  readonly preview: PreviewId
  /** Null: nothing is to be said about it (it never existed and nobody promised it). */
  readonly status: PreviewStatus | null
  /** The subject of the commit that was made; null when there was nothing to do. */
  readonly did: string | null
  readonly outcome: Outcome
  /** Thrown on after the report, so that the queue brings the key back. */
  readonly error: Error | null
}

/** Decides one preview, writes what is to be written and asks the agent. One preview's failure stays its own (law 11). */
export async function settlePreview(installation: Installation, asked: Asked): Promise<Settled> {
  const wish = await wishFor(asked, asked.reading).catch(
    (error: unknown) => ({ kind: 'unknown', error }) as const,
  )
  if (wish.kind === 'unknown')
    return unsettled(installation, asked, await unknownWish(installation, asked), wish.error)
  try {
    const work = await draftOnFreshEnough(installation, asked, wish)
    const before = await stillLeaving(installation, asked, work)
    if (before !== null) return await waitForPlace(installation, asked, { wish, work, before })
    const result = work.plan.kind === 'write' ? await write(installation, asked, wish, work) : null
    return await conclude(installation, asked, { preview: previewOf(asked), wish, work, result })
  } catch (error) {
    return unsettled(installation, asked, wish, error)
  }
}

/** Law 3: nothing is done. Whether people were promised a preview is what stands on the branch, as far as it can be read. */
async function unknownWish({ repository }: Installation, asked: Asked): Promise<UnknownWish> {
  const stands = await repository.view().then(
    (view) => view.manifestsOf(previewOf(asked)).length > 0,
    () => false,
  )
  return { kind: 'unknown', stands }
}

function unsettled(
  installation: Installation,
  asked: Asked,
  wish: Desire | UnknownWish,
  error: unknown,
): Settled {
  const { outcome, finding, rethrow } = classify(installation, asked, wish, error)
  const status = finding === null ? null : judge(finding, { kind: 'unwatched' })
  return { preview: previewOf(asked), status, did: null, outcome, error: rethrow }
}

/** A write on a stale tip is refused by the server; that nothing is to be done must be true of the newest tip. */
async function draftOnFreshEnough(installation: Installation, asked: Asked, wish: Desire): Promise<Draft> {
  const known = await draft(installation, asked, wish, await installation.repository.view())
  if (known.plan.kind === 'write') return known
  return draft(installation, asked, wish, await installation.repository.refresh())
}

async function waitForPlace(
  installation: Installation,
  asked: Asked,
  { wish, work, before }: { readonly wish: Desire; readonly work: Draft; readonly before: Observation },
): Promise<Settled> {
  const preview = previewOf(asked)
  const view = await installation.repository.view()
  const { finding, outcome } = find(installation, asked, { preview, wish, work, result: null }, view)
  if (finding === null) return { preview, status: null, did: null, outcome, error: null }
  // The trail is that of the preview before.
  const status = await statusOf(installation, { ...finding, changedAt: null }, before)
  const again = lookAgain(outcome, status, installation.clock.now())
  return { preview, status, did: null, outcome: again, error: null }
}

/** What happens within it brings its own event. A removal is asked about in any case (law 3). */
const FRESH_MS = 1_000

async function write(
  installation: Installation,
  asked: Asked,
  wish: Desire,
  work: Draft,
): Promise<ChangeResult> {
  return installation.repository.change(
    changeOf(installation, asked, wish, work, async () => {
      const again = await asked.readAgain(wish.kind === 'present' ? FRESH_MS : 0)
      return sameDesire(wish, await wishFor(asked, again))
    }),
  )
}

async function conclude(installation: Installation, asked: Asked, worked: Worked): Promise<Settled> {
  const { preview, work, result } = worked
  if (result?.kind === 'dropped')
    throw new RetryLater('the merge request changed while its manifest was about to be pushed')
  const view = await installation.repository.view()
  const { finding, outcome } = find(installation, asked, worked, view)
  if (finding === null) return { preview, status: null, did: null, outcome, error: null }
  if (result?.kind === 'pushed') await installation.agent.notify(result.commit, finding.name)
  const status = await observePreview(installation, asked, finding)
  return {
    preview,
    status,
    did: result?.kind === 'pushed' && work.plan.kind === 'write' ? work.plan.subject : null,
    outcome: lookAgain(outcome, status, installation.clock.now()),
    error: null,
  }
}
