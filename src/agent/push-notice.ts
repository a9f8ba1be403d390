import type { Clock } from '../clock.ts'
import type { CommitSha } from '../preview/brand.ts'

export interface PushNoticeOptions {
  /** Tells the agent to look now. Never throws. */
  readonly tell: (commit: CommitSha) => Promise<void>
  /** Whether the agent has seen this commit; true when that cannot be known. Never throws. */
  readonly hasSeen: (commit: CommitSha) => Promise<boolean>
  readonly clock: Clock
  readonly closed: AbortSignal
}

/** A look waits no longer than this for the agent to be told. */
const WAIT_MS = 2_000
/** When it is made sure that the agent has seen the newest push. */
const CHECKS_MS = [3_000, 6_000, 12_000]

/** Tells of pushes: one telling at a time, and one more for all that were pushed meanwhile. */
export function createPushNotice(options: PushNoticeOptions): (commit: CommitSha) => Promise<void> {
  const { tell, clock, closed } = options
  let running: Promise<void> | null = null
  let next: Promise<void> | null = null
  let newest: CommitSha | null = null

  function told(): Promise<void> {
    running = (async () => {
      const commit = newest
      if (commit === null || closed.aborted) return
      await tell(commit)
      makeSure({ ...options, isNewest: () => newest === commit }, commit).catch(() => undefined)
    })()
    return running
  }

  return async (commit) => {
    newest = commit
    if (next === null) {
      const before = running
      next = (before ?? Promise.resolve()).then(() => {
        next = null
        return told()
      })
    }
    await atMost(WAIT_MS, next, clock)
  }
}

async function atMost(ms: number, work: Promise<void>, clock: Clock): Promise<void> {
  const done = new AbortController()
  await Promise.race([work, clock.sleep(ms, done.signal).catch(() => undefined)])
  done.abort()
}

/**
 * Argo CD takes a refresh annotation away when it has looked, also one that came while it looked at an older commit: so the
 * agent is told again until it has seen the newest.
 */
async function makeSure(
  { tell, hasSeen, clock, closed, isNewest }: PushNoticeOptions & { readonly isNewest: () => boolean },
  commit: CommitSha,
): Promise<void> {
  for (const afterMs of CHECKS_MS) {
    await clock.sleep(afterMs, closed)
    if (!isNewest() || (await hasSeen(commit))) return
    await tell(commit)
  }
}
