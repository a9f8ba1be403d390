import { RetryLater, Stalled } from '../preview/errors.ts'
import type { Observation } from '../preview/observation.ts'
import type { PreviewStatus } from '../preview/status.ts'
import { type PreviewFacts, statusOf } from '../preview/status-of.ts'
import type { PreviewContext } from './preview-context.ts'

/**
 * What the agent says of a preview, as everybody reads it. A cluster that does not answer, or not to us, undoes nothing and
 * holds up no report: nothing is claimed then, least of all an end.
 */
export async function observePreview(context: PreviewContext, facts: PreviewFacts): Promise<PreviewStatus> {
  const { preview, name, namespace, manifest } = facts
  const subject = { preview, key: context.key, name, namespace, sha: manifest?.sha ?? null }
  try {
    return await observedStatus(context, facts, await context.ports.agent.observe(subject))
  } catch (error) {
    if (!(error instanceof RetryLater || error instanceof Stalled)) throw error
    return statusOf(facts, unknownObservation(facts, error))
  }
}

/** The status of a preview, with what the agent says, whether its URL answers, and what this process saw of its end. */
export async function observedStatus(
  { application, ports }: PreviewContext,
  facts: PreviewFacts,
  observation: Observation,
): Promise<PreviewStatus> {
  const silence = await ports.reachability.silence(application.probe, facts, observation)
  return statusOf(withTeardownTime(ports, facts, observation), observation, silence)
}

function withTeardownTime(
  { teardownTimes, clock }: PreviewContext['ports'],
  facts: PreviewFacts,
  observation: Observation,
): PreviewFacts {
  const { end, changedAt } = facts
  if (end.kind !== 'removed' || end.removal.commit === null || changedAt === null) return facts
  const deletion = { commit: end.removal.commit, at: changedAt }
  const goneAfterMs = teardownTimes.record(deletion, observation, clock.now())
  // A deletion that no event triggered may have come long after the merge: then the time would be a wrong one.
  if (!facts.byEvent) return facts
  return { ...facts, end: { ...end, removal: { ...end.removal, goneAfterMs } } }
}

/** Why an answer is missing changes from pass to pass, and would change the comment with it: log and `/readyz` have it. */
function unknownObservation({ end }: PreviewFacts, error: RetryLater | Stalled): Observation {
  const why =
    error instanceof Stalled
      ? error.message
      : 'the cluster does not answer, so nothing is known of what runs there'
  const rest = { why, details: [], since: null }
  if (end.kind === 'removed') return { kind: 'removing', held: false, ...rest }
  return { kind: 'deploying', serving: null, ...rest }
}
