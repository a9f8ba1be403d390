import { RetryLater, Stalled } from '../preview/errors.ts'
import { type Finding, judge } from '../preview/judge.ts'
import type { Observation } from '../preview/observation.ts'
import type { PreviewStatus } from '../preview/status.ts'
import type { Asked } from './asked.ts'
import type { Installation } from './installation.ts'
import { statusOf } from './status-of.ts'

/**
 * What the agent says of a finding, as everybody is told. A cluster that does not answer, or not to us, undoes nothing and holds
 * up no report: nothing is claimed then, least of all an end.
 */
export async function observePreview(
  installation: Installation,
  { key }: Asked,
  finding: Finding,
): Promise<PreviewStatus> {
  const { preview, name, namespace, manifest } = finding
  const subject = { preview, key, name, namespace, sha: manifest?.sha ?? null }
  try {
    return await statusOf(installation, finding, await installation.agent.observe(subject))
  } catch (error) {
    if (!(error instanceof RetryLater || error instanceof Stalled)) throw error
    return judge(finding, unknown(finding, error))
  }
}

/** Why an answer is missing changes from look to look, and would change the comment with it: the log and `/readyz` tell it. */
function unknown({ end }: Finding, error: RetryLater | Stalled): Observation {
  const why =
    error instanceof Stalled
      ? error.message
      : 'the cluster does not answer, so nothing is known of what runs there'
  const rest = { why, details: [], since: null }
  if (end.kind === 'removed') return { kind: 'removing', held: false, ...rest }
  return { kind: 'deploying', serving: null, ...rest }
}
