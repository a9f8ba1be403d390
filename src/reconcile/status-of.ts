import type { Finding } from '../preview/judge.ts'
import { judge } from '../preview/judge.ts'
import type { Observation } from '../preview/observation.ts'
import type { PreviewStatus } from '../preview/status.ts'
import type { Installation } from './installation.ts'

/** What everybody is told of a finding, with what the agent says, whether it answers, and what this process saw of an end. */
export async function statusOf(
  installation: Installation,
  finding: Finding,
  observation: Observation,
): Promise<PreviewStatus> {
  const application = installation.applications.find(({ name }) => name === finding.application)
  const silence = await installation.reach.silence(application?.probe ?? null, finding, observation)
  return judge(withEnd(installation, finding, observation), observation, silence)
}

function withEnd({ ends, clock }: Installation, finding: Finding, observation: Observation): Finding {
  const { end, changedAt } = finding
  if (end.kind !== 'removed' || end.removal.commit === null || changedAt === null) return finding
  const goneAfterMs = ends.note({ commit: end.removal.commit, at: changedAt }, observation, clock.now())
  // A deletion that no event asked for may have come long after the merge: then the time would be a wrong one.
  if (!finding.prompted) return finding
  return { ...finding, end: { ...end, removal: { ...end.removal, goneAfterMs } } }
}
