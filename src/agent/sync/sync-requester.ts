import { withFallback } from '../../pace/deadline.ts'
import type { Clock } from '../../pace/clock.ts'
import type { Log } from '../../log.ts'
import type { CommitSha } from '../../preview/brand.ts'
import { Stalled } from '../../preview/errors.ts'
import type { AgentDialect } from '../dialect.ts'

export interface SyncRequesterOptions {
  readonly dialect: Pick<AgentDialect, 'requestSync' | 'hasSeen'>
  readonly clock: Clock
  readonly log: Log
  readonly closed: AbortSignal
}

export interface SyncRequester {
  /** Never throws, and waits no longer than two seconds. */
  readonly requestSync: (commit: CommitSha, name: string) => Promise<void>
  /** Requests a sync of a preview that the agent is behind with, once: the process that pushed it may have been killed before it could. */
  readonly remind: (name: string, behind: boolean) => void
  /** The right that the last request lacked, as a sentence. */
  readonly complaints: () => readonly string[]
}

/** A pass waits no longer than this for the request. */
const WAIT_MS = 2_000
/** When to check that the agent has seen the newest push. */
const CHECKS_MS = [1_500, 3_000, 6_000, 12_000]
/** How often a cluster that is away is tried. */
const AWAY_MS = 10_000

/** Asks the agent to sync after pushes: one request at a time, and one more for all that were pushed meanwhile. */
export function createSyncRequester(options: SyncRequesterOptions): SyncRequester {
  const { clock, closed } = options
  const { request, complaints } = createRequest(options)
  const known = new Set<string>()
  let running: Promise<void> | null = null
  let next: Promise<void> | null = null
  let newest: CommitSha | null = null
  let names = new Set<string>()

  function send(): Promise<void> {
    running = (async () => {
      const pushed = { commit: newest, names }
      names = new Set()
      if (closed.aborted) return
      const reached = await request(pushed.names)
      if (!reached) names = new Set([...names, ...pushed.names])
      const isNewest = () => newest === pushed.commit
      makeSure({ ...options, ...pushed, request, isNewest }, reached).catch(() => undefined)
    })()
    return running
  }

  async function requestSync(commit: CommitSha | null, name: string): Promise<void> {
    newest = commit ?? newest
    names.add(name)
    known.add(name)
    if (next === null) {
      const before = running
      next = (before ?? Promise.resolve()).then(() => {
        next = null
        return send()
      })
    }
    await withFallback(next, { ms: WAIT_MS, clock, fallback: () => undefined })
  }

  return {
    requestSync,
    remind: (name, behind) => {
      if (!behind) known.delete(name)
      else if (!known.has(name)) void requestSync(null, name)
    },
    complaints,
  }
}

/** One request; false: the cluster is away. Remembers the right that is missing for it. */
function createRequest({ dialect, log }: SyncRequesterOptions) {
  let complaint: string | null = null
  return {
    complaints: (): readonly string[] => (complaint === null ? [] : [complaint]),
    request: (names: ReadonlySet<string>): Promise<boolean> =>
      dialect.requestSync(names).then(
        () => {
          complaint = null
          return true
        },
        (error: unknown) => {
          log.debug({ error }, 'the agent was not told of a push: its next poll finds it')
          if (error instanceof Stalled) complaint = `pushes wait for the agent's own poll: ${error.message}`
          return error instanceof Stalled
        },
      ),
  }
}

/**
 * Argo CD takes a refresh annotation away when it has compared, also one that came while it compared an older commit: so the
 * request is repeated until the agent has seen the newest.
 */
async function makeSure(pushed: Pushed, reachedAtOnce: boolean): Promise<void> {
  const { commit, names, isNewest, request, clock, closed } = pushed
  let reached = reachedAtOnce
  for (let check = 0; !reached || check < CHECKS_MS.length; check += 1) {
    await clock.sleep(CHECKS_MS[check] ?? AWAY_MS, closed)
    if (!isNewest()) return
    if (reached && (commit === null || (await hasSeen(pushed.dialect, commit)))) return
    reached = await request(names)
  }
}

interface Pushed extends SyncRequesterOptions {
  readonly commit: CommitSha | null
  readonly names: ReadonlySet<string>
  readonly request: (names: ReadonlySet<string>) => Promise<boolean>
  readonly isNewest: () => boolean
}

/** True when that can never be known. */
function hasSeen(dialect: Pick<AgentDialect, 'hasSeen'>, commit: CommitSha): Promise<boolean> {
  return dialect.hasSeen(commit).catch((error: unknown) => error instanceof Stalled)
}
