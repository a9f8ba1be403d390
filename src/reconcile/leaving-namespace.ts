import type { Observation } from '../preview/observation.ts'
import type { Plan } from './plan-preview.ts'
import type { PreviewContext } from './preview-context.ts'

/** By then an agent that was told of a deletion has begun to delete. */
const JUST_MS = 2 * 60_000

/** A new preview in a namespace on its way out would go with it: it waits until that is gone. */
export async function leavingNamespace(
  context: PreviewContext,
  { change, names, standing }: Plan,
): Promise<Observation | null> {
  if (change.kind !== 'write' || names === null || standing.length > 0) return null
  const subject = { preview: context.preview, key: context.key, ...names, sha: null }
  // A cluster that does not answer holds nobody up: Git is where previews begin.
  const before = await context.ports.agent.observe(subject).catch(() => null)
  if (before?.kind !== 'removing') return null
  return before.since !== null || (await isJustRemoved(context)) ? before : null
}

/**
 * By us, or by the hand of somebody who committed lately. What nobody deletes though its manifest went long ago stays, for example
 * a namespace that no manifest owned: it is taken over.
 */
async function isJustRemoved({ ports, preview }: PreviewContext): Promise<boolean> {
  const view = await ports.repository.view()
  const since = new Date(ports.clock.now().getTime() - JUST_MS)
  if (view.historyOf(preview)?.removed === false) return view.foreignSince(since)
  return view.removedSince(since).includes(preview)
}
