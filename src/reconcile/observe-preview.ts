import { RetryLater, Stalled } from '../preview/errors.ts'
import { type PreviewFacts, statusOf } from '../preview/status-of.ts'
import type { Observation } from '../preview/observation.ts'
import type { PreviewStatus } from '../preview/status.ts'
import type { PreviewContext } from './preview-context.ts'
import type { Installation } from './installation.ts'
import { observedStatus } from './observed-status.ts'

/**
 * What the agent says of a finding, as everybody is told. A cluster that does not answer, or not to us, undoes nothing and holds
 * up no report: nothing is claimed then, least of all an end.
 */
export async function observePreview(
  installation: Installation,
  { key }: PreviewContext,
  finding: PreviewFacts,
): Promise<PreviewStatus> {
  const { preview, name, namespace, manifest } = finding
  const subject = { preview, key, name, namespace, sha: manifest?.sha ?? null }
  try {
    return await observedStatus(installation, finding, await installation.agent.observe(subject))
  } catch (error) {
    if (!(error instanceof RetryLater || error instanceof Stalled)) throw error
    return statusOf(finding, unknown(finding, error))
  }
}

/** Why an answer is missing changes from look to look, and would change the comment with it: the log and `/readyz` tell it. */
function unknown({ end }: PreviewFacts, error: RetryLater | Stalled): Observation {
  const why =
    error instanceof Stalled
      ? error.message
      : 'the cluster does not answer, so nothing is known of what runs there'
  const rest = { why, details: [], since: null }
  if (end.kind === 'removed') return { kind: 'removing', held: false, ...rest }
  return { kind: 'deploying', serving: null, ...rest }
}
