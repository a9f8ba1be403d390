import type { SandboxRepository, SandboxStatus } from '../../../src/sandbox/forge/state.ts'

/** What GitLab calls them. */
export type JobState =
  | 'created'
  | 'pending'
  | 'running'
  | 'success'
  | 'failed'
  | 'canceled'
  | 'skipped'
  | 'manual'

/** What a job may become, by the event that is asked for (`state_machine` of app/models/commit_status.rb). */
const events: Readonly<Record<string, { readonly event: string; readonly from: readonly JobState[] }>> = {
  pending: { event: 'enqueue', from: ['created', 'skipped'] },
  running: { event: 'run', from: ['created', 'pending'] },
  success: { event: 'success', from: ['created', 'pending', 'running'] },
  failed: { event: 'drop', from: ['created', 'pending', 'running'] },
  canceled: { event: 'cancel', from: ['created', 'pending', 'running'] },
  skipped: { event: 'skip', from: ['created', 'pending'] },
}

export const askable = Object.keys(events)

/** Null: it may. */
export function transitionRefusal(from: JobState, to: string): string | null {
  const known = events[to]
  if (known === undefined) return 'invalid state'
  if (known.from.includes(from)) return null
  const { event } = known
  return `Cannot transition status via :${event} from :${from} (Reason(s): Status cannot transition via "${event}")`
}

/** The statuses of a commit as they are: the state keeps what was written, an entry that changed is there again. */
export function statusesOf({ statuses }: SandboxRepository, sha: string): readonly SandboxStatus[] {
  const rows = new Map(statuses.filter((status) => status.sha === sha).map((status) => [status.id, status]))
  return [...rows.values()].toSorted((one, other) => one.id - other.id)
}

export function jobStateOf({ id, state }: SandboxStatus, running: ReadonlySet<number>): JobState {
  if (state === 'pending') return running.has(id) ? 'running' : 'pending'
  return asTheyAre.find((known) => known === state) ?? 'failed'
}

const asTheyAre: readonly JobState[] = ['created', 'running', 'manual', 'success', 'canceled', 'skipped']

/** In the words of the state, where a run is pending. */
export function stateOfJob(state: string): string {
  if (state === 'running') return 'pending'
  return state === 'failed' ? 'failure' : state
}
