import type { Observation } from '../preview/observation.ts'
import type { PreviewId } from '../preview/preview-id.ts'
import { type PreviewContext, previewOf } from './preview-context.ts'
import type { Plan } from './plan-preview.ts'
import type { Installation } from './installation.ts'

/** An agent that was told has begun to delete by then. */
const JUST_MS = 2 * 60_000

/** A new preview in a namespace on its way out would go with it: it waits until that is gone. */
export async function leavingNamespace(
  installation: Installation,
  asked: PreviewContext,
  work: Plan,
): Promise<Observation | null> {
  if (work.change.kind !== 'write' || work.names === null || work.standing.length > 0) return null
  const subject = { preview: previewOf(asked), key: asked.key, ...work.names, sha: null }
  // A cluster that does not answer holds nobody up: Git is where previews begin.
  const before = await installation.agent.observe(subject).catch(() => null)
  if (before?.kind !== 'removing') return null
  return before.since !== null || (await isJustRemoved(installation, subject.preview)) ? before : null
}

/**
 * By us, or by the hand of somebody who committed lately. What nobody deletes though its manifest went long ago stays, for example
 * a namespace that no manifest owned: it is taken over.
 */
async function isJustRemoved({ repository, clock }: Installation, preview: PreviewId): Promise<boolean> {
  const view = await repository.view()
  const since = new Date(clock.now().getTime() - JUST_MS)
  if (view.trail(preview)?.removed === false) return view.foreignSince(since)
  return view.removedSince(since).includes(preview)
}
