import type { CommitSha } from '../../preview/brand.ts'
import type { Observation } from '../../preview/observation.ts'
import { distinctLines } from './clean-message.ts'

/** The commit that the standing manifest deploys; null: there is no manifest any more. */
export interface WantedCommit {
  readonly sha: CommitSha | null
}

/** What one agent object says. `applied`: the wanted commit is in the cluster, so what its workloads say is about that commit. */
export interface Observed {
  readonly observation: Observation
  readonly applied: boolean
}

/** Why something is as it is: one line, more lines (the most telling first), and when it began as far as the cluster tells. */
export interface Reasons {
  readonly why: string
  readonly details: readonly string[]
  readonly since: Date | null
}

/** Why the workloads of a namespace do not run. `down`: none that should serve has an available Pod, so no older version serves either. */
export interface WorkloadReasons extends Reasons {
  readonly down: boolean
}

/** What was seen of a preview's namespace. `unknown`: we have no right to look. */
export type NamespaceState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'active' }
  | ({ readonly kind: 'terminating' } & Terminating)

/** A namespace on its way out. `held`: something keeps it that does not end by itself. */
export interface Terminating extends Reasons {
  readonly held: boolean
}

/** Whether the reasons of the workloads would tell more: they are about the wanted commit, and it is not ready. */
export function needsReasons({ observation, applied }: Observed): boolean {
  return applied && ['deploying', 'degraded', 'failed'].includes(observation.kind)
}

/** Argo CD's only words where its health is not persisted; nobody needs them who was told which resource. */
export const NAMELESS = 'it is not healthy, and Argo CD does not tell which resource'

/** The observation with the workloads' own reasons: the agent often knows only that something is not healthy. */
export function withWorkloads(observed: Observed, reasons: WorkloadReasons | null): Observation {
  const { observation } = observed
  if (reasons === null || !needsReasons(observed) || !('serving' in observation)) return observation
  if (observation.kind === 'ready') return observation
  const serving = reasons.down ? null : observation.serving
  // What could not be applied or rendered is the agent's to explain; what was applied, its workloads'.
  const [first, second] = observation.kind === 'failed' ? [observation, reasons] : [reasons, observation]
  const details = distinctLines([...first.details, second.why, ...second.details], [first.why, NAMELESS])
  return { ...observation, serving, why: first.why, details }
}
