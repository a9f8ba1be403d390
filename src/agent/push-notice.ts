import type { Clock } from '../clock.ts'
import type { CommitSha } from '../preview/brand.ts'

export interface PushNoticeOptions {
  /** Tells the agent to look now, above all at the previews of these names. Never throws. */
  readonly tell: (names: ReadonlySet<string>) => Promise<void>
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
export function createPushNotice(
  options: PushNoticeOptions,
): (commit: CommitSha, name: string) => Promise<void> {
  const { tell, clock, closed } = options
  let running: Promise<void> | null = null
  let next: Promise<void> | null = null
  let newest: CommitSha | null = null
  let names = new Set<string>()

  function told(): Promise<void> {
    running = (async () => {
      const pushed = { commit: newest, names }
      names = new Set()
      if (closed.aborted) return
      await tell(pushed.names)
      makeSure({ ...options, ...pushed, isNewest: () => newest === pushed.commit }).catch(() => undefined)
    })()
    return running
  }

  return async (commit, name) => {
    newest = commit
    names.add(name)
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
async function makeSure(pushed: Pushed): Promise<void> {
  const { commit, names, isNewest, tell, hasSeen, clock, closed } = pushed
  for (const afterMs of CHECKS_MS) {
    await clock.sleep(afterMs, closed)
    if (commit === null || !isNewest() || (await hasSeen(commit))) return
    await tell(names)
  }
}

interface Pushed extends PushNoticeOptions {
  readonly commit: CommitSha | null
  readonly names: ReadonlySet<string>
  readonly isNewest: () => boolean
}
