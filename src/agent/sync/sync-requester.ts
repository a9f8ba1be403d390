import { withFallback } from '../../pace/deadline.ts'
import type { Clock } from '../../pace/clock.ts'
import type { CommitSha } from '../../preview/brand.ts'

export interface PushNoticeOptions {
  /** Tells the agent to look now, above all at the previews of these names; false: the cluster is away. Never throws. */
  readonly tell: (names: ReadonlySet<string>) => Promise<boolean>
  /** Whether the agent has seen this commit; true when that can never be known. Never throws. */
  readonly hasSeen: (commit: CommitSha) => Promise<boolean>
  readonly clock: Clock
  readonly closed: AbortSignal
}

/** A look waits no longer than this for the agent to be told. */
const WAIT_MS = 2_000
/** When it is made sure that the agent has seen the newest push. */
const CHECKS_MS = [1_500, 3_000, 6_000, 12_000]
/** A cluster that is away is told once it is back. */
const AWAY_MS = 10_000

export interface PushNotice {
  readonly notify: (commit: CommitSha, name: string) => Promise<void>
  /** Tells of a preview that the agent is behind with, once: who pushed it may have been killed before it could. */
  readonly remind: (name: string, behind: boolean) => void
}

/** Tells of pushes: one telling at a time, and one more for all that were pushed meanwhile. */
export function createPushNotice(options: PushNoticeOptions): PushNotice {
  const { tell, clock, closed } = options
  const known = new Set<string>()
  let running: Promise<void> | null = null
  let next: Promise<void> | null = null
  let newest: CommitSha | null = null
  let names = new Set<string>()

  function told(): Promise<void> {
    running = (async () => {
      const pushed = { commit: newest, names }
      names = new Set()
      if (closed.aborted) return
      const reached = await tell(pushed.names)
      if (!reached) names = new Set([...names, ...pushed.names])
      const isNewest = () => newest === pushed.commit
      makeSure({ ...options, ...pushed, isNewest }, reached).catch(() => undefined)
    })()
    return running
  }

  async function notify(commit: CommitSha | null, name: string): Promise<void> {
    newest = commit ?? newest
    names.add(name)
    known.add(name)
    if (next === null) {
      const before = running
      next = (before ?? Promise.resolve()).then(() => {
        next = null
        return told()
      })
    }
    await atMost(WAIT_MS, next, clock)
  }

  return {
    notify,
    remind: (name, behind) => {
      if (!behind) known.delete(name)
      else if (!known.has(name)) void notify(null, name)
    },
  }
}

async function atMost(ms: number, work: Promise<void>, clock: Clock): Promise<void> {
  await withFallback(work, { ms, clock, fallback: () => undefined })
}

/**
 * Argo CD takes a refresh annotation away when it has looked, also one that came while it looked at an older commit: so the
 * agent is told again until it has seen the newest.
 */
async function makeSure(pushed: Pushed, reachedAtOnce: boolean): Promise<void> {
  const { commit, names, isNewest, tell, hasSeen, clock, closed } = pushed
  let reached = reachedAtOnce
  for (let check = 0; !reached || check < CHECKS_MS.length; check += 1) {
    await clock.sleep(CHECKS_MS[check] ?? AWAY_MS, closed)
    if (!isNewest()) return
    if (reached && (commit === null || (await hasSeen(commit)))) return
    reached = await tell(names)
  }
}

interface Pushed extends PushNoticeOptions {
  readonly commit: CommitSha | null
  readonly names: ReadonlySet<string>
  readonly isNewest: () => boolean
}
