import type { Agent, Subject } from '../agent/port.ts'
import { type Clock, type Moment, momentOf } from '../pace/clock.ts'
import type { EnvironmentRepository, Manifest } from '../environment-repository/port.ts'
import type { CommitSha } from '../preview/brand.ts'
import type { Observation } from '../preview/observation.ts'
import type { PreviewId } from '../preview/preview-id.ts'

export interface StandInAgentOptions {
  /** Its own clone of the branch: like a real agent it sees what was pushed, not what Mayfly meant. */
  readonly repository: EnvironmentRepository
  /** From a new manifest to healthy, and from its deletion to the namespace's end, in ms. */
  readonly takesMs: number
  readonly clock: Clock
}

const leaving = {
  kind: 'removing',
  why: 'the namespace is on its way out',
  details: [],
  held: false,
} as const
const starting = { kind: 'deploying', why: 'the stand-in for an agent is starting it', details: [] } as const

interface Running {
  readonly sha: CommitSha | null
  readonly serving: CommitSha | null
  readonly since: Moment
  readonly removed: boolean
}

/** An agent without a cluster: it reads the branch, pretends to deploy, and forgets what was pruned. */
export function createStandInAgent(options: StandInAgentOptions): Agent {
  const running = new Map<PreviewId, Running>()
  const stopped = new AbortController()
  const watchers: ((preview: PreviewId) => void)[] = []

  async function sync(): Promise<void> {
    const view = await options.repository.refresh()
    const now = momentOf(options.clock)
    const manifests = new Map(view.manifests().map((manifest) => [manifest.preview, manifest]))
    for (const manifest of manifests.values()) apply(running, manifest, now)
    for (const [preview, state] of running)
      if (!manifests.has(preview) && !state.removed)
        running.set(preview, { ...state, since: now, removed: true })
  }

  async function hintLater(preview: PreviewId): Promise<void> {
    await options.clock.sleep(options.takesMs + 10, stopped.signal).catch(() => undefined)
    if (!stopped.signal.aborted) for (const watcher of watchers) watcher(preview)
  }

  return {
    observe: async (subject) => {
      await sync()
      const observation = observe(running, subject, options)
      if (observation.kind === 'deploying' || observation.kind === 'removing') void hintLater(subject.preview)
      return observation
    },
    requestSync: sync,
    watch: (onHint) => {
      watchers.push(onHint)
      return Promise.resolve()
    },
    resources: async () => {
      await sync()
      return [...running.keys()].map((preview) => ({ preview, what: `the preview ${preview}` }))
    },
    warnings: () => Promise.resolve([]),
    close: async () => {
      stopped.abort()
      await options.repository.close()
    },
  }
}

function apply(running: Map<PreviewId, Running>, { preview, sha }: Manifest, now: Moment): void {
  const before = running.get(preview)
  if (before?.sha === sha && !before.removed) return
  running.set(preview, { sha, serving: before?.sha ?? null, since: now, removed: false })
}

function observe(
  running: Map<PreviewId, Running>,
  { preview }: Subject,
  { clock, takesMs }: StandInAgentOptions,
): Observation {
  const state = running.get(preview)
  if (state === undefined) return { kind: 'absent' }
  const done = clock.monotonicMs() - state.since.ms >= takesMs
  if (state.removed && done) running.delete(preview)
  if (state.removed) return done ? { kind: 'absent' } : { ...leaving, since: state.since.at }
  if (done && state.sha !== null)
    return { kind: 'ready', serving: state.sha, since: new Date(state.since.at.getTime() + takesMs) }
  return { ...starting, serving: state.serving, since: state.since.at }
}
