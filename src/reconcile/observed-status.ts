import type { PreviewFacts } from '../preview/status-of.ts'
import { statusOf } from '../preview/status-of.ts'
import type { Observation } from '../preview/observation.ts'
import type { PreviewStatus } from '../preview/status.ts'
import type { Installation } from './installation.ts'

/** What everybody is told of a finding, with what the agent says, whether it answers, and what this process saw of an end. */
export async function observedStatus(
  installation: Installation,
  finding: PreviewFacts,
  observation: Observation,
): Promise<PreviewStatus> {
  const application = installation.applications.find(({ name }) => name === finding.application)
  const silence = await installation.reachability.silence(application?.probe ?? null, finding, observation)
  return statusOf(withEnd(installation, finding, observation), observation, silence)
}

function withEnd(
  { teardownTimes: ends, clock }: Installation,
  finding: PreviewFacts,
  observation: Observation,
): PreviewFacts {
  const { end, changedAt } = finding
  if (end.kind !== 'removed' || end.removal.commit === null || changedAt === null) return finding
  const goneAfterMs = ends.record({ commit: end.removal.commit, at: changedAt }, observation, clock.now())
  // A deletion that no event asked for may have come long after the merge: then the time would be a wrong one.
  if (!finding.byEvent) return finding
  return { ...finding, end: { ...end, removal: { ...end.removal, goneAfterMs } } }
}
