import { RetryLater } from '../../preview/errors.ts'
import type { CommitSha } from '../../preview/brand.ts'
import type { PlannedVerdict } from '../plan-commits.ts'
import type { Change, ChangeResult } from '../port.ts'
import { createAsker, type Question } from './ask-still-wanted.ts'
import { type PushContext, type PushOutcome, pushBatch } from './push-batch.ts'

export interface GroupCommit {
  /** The first goes at once; those that come while a push is under way go together in the next. */
  add(change: Change): Promise<ChangeResult>
  /** Ends the push under way; what still waits is rejected with `RetryLater`. */
  close(): Promise<void>
}

interface Entry {
  readonly change: Change
  readonly resolve: (result: ChangeResult) => void
  readonly reject: (error: unknown) => void
  question: Question | undefined
  /** In ms since the epoch; set by the first push. */
  deadline: number | undefined
}

/** A change whose answer takes longer waits for the next push, in ms. */
const patienceMs = 5_000
/** An answer older than this is asked for again, in ms. */
const freshMs = 2_000
/** How many refused pushes the search for one bad change in a batch may cost. */
const splitLimit = 20

export function createGroupCommit(context: PushContext): GroupCommit {
  const { options, tip, bucket } = context
  const { clock, random, log } = options
  const asker = createAsker(clock)
  const closing = new AbortController()
  /** Parts of a batch that the server refused as a whole. */
  const parts: { readonly entries: Entry[]; readonly budget: { left: number } }[] = []
  let waiting: Entry[] = []
  let running: Promise<void> | undefined
  let isPartsTurn = false
  let lostRaces = 0

  return {
    add(change) {
      if (closing.signal.aborted) return Promise.reject(stopping())
      return new Promise((resolve, reject) => {
        waiting.push({ change, resolve, reject, question: undefined, deadline: undefined })
        running ??= run()
      })
    },
    async close() {
      closing.abort()
      await running
    },
  }

  async function run(): Promise<void> {
    // Changes of the same moment go together.
    await Promise.resolve()
    while (waiting.length > 0 || parts.length > 0) {
      const waitMs = bucket.waitMs()
      if (waitMs > 0) await clock.sleep(waitMs, closing.signal).catch(() => undefined)
      if (closing.signal.aborted) rejectAll()
      else await round(takeBatch())
      if (waiting.length === 0 && parts.length === 0) await tidy()
    }
    // In the same breath as the last look at what waits, so that nobody is left behind.
    running = undefined
  }

  async function tidy(): Promise<void> {
    await tip.tidy().catch((error: unknown) => {
      log.debug({ error }, 'The clone of the environment repository could not be renewed')
    })
  }

  function rejectAll(): void {
    const left = [...waiting.splice(0), ...parts.splice(0).flatMap(({ entries }) => entries)]
    for (const entry of left) entry.reject(stopping())
  }

  /** Parts of a refused batch and newcomers take turns, so that neither holds up the other. */
  function takeBatch(): { entries: Entry[]; budget: { left: number } } {
    isPartsTurn = !isPartsTurn
    const part = isPartsTurn || waiting.length === 0 ? parts.shift() : undefined
    return part ?? { entries: waiting.splice(0), budget: { left: splitLimit } }
  }

  async function round({ entries, budget }: { entries: Entry[]; budget: { left: number } }): Promise<void> {
    const wanted = await stillWanted(entries)
    if (wanted.length === 0) return
    try {
      const outcome = await pushBatch(
        context,
        wanted.map(({ change }) => change),
      )
      for (const entry of wanted)
        entry.deadline ??= clock.now().getTime() + (options.pushDeadlineMs ?? 60_000)
      await settle(wanted, outcome, budget)
    } catch (error) {
      for (const entry of wanted) entry.reject(error)
    }
  }

  /** Settles those that are dropped; the late ones wait for another round. */
  async function stillWanted(entries: readonly Entry[]): Promise<Entry[]> {
    const now = clock.now().getTime()
    const fresh: Question[] = []
    const late: Question[] = []
    for (const entry of entries) {
      const { question } = entry
      const isKept =
        question !== undefined && (question.settled === undefined || question.settled.at > now - freshMs)
      if (isKept) late.push(question)
      else fresh.push((entry.question = asker.ask(entry.change)))
    }
    await asker.wait(fresh, late, patienceMs)
    return entries.filter(settleAnswer)
  }

  function settleAnswer(entry: Entry): boolean {
    const answer = entry.question?.settled?.answer
    if (answer === undefined) {
      waiting.push(entry)
      return false
    }
    entry.question = undefined
    switch (answer.kind) {
      case 'wanted':
        return true
      case 'dropped':
        entry.resolve({ kind: 'dropped' })
        return false
      case 'failed':
        entry.reject(answer.error)
        return false
    }
  }

  async function settle(entries: Entry[], outcome: PushOutcome, budget: { left: number }): Promise<void> {
    if (outcome.kind !== 'moved') lostRaces = 0
    switch (outcome.kind) {
      case 'pushed':
        entries.forEach((entry, index) => {
          settleVerdict(entry, outcome.plan.verdicts[index], outcome.commits)
        })
        return
      case 'moved':
        await comeAgain(entries)
        return
      case 'refused':
        refuse(entries, outcome.error, budget)
        return
      case 'failed':
      case 'unknown':
        for (const entry of entries) entry.reject(outcome.error)
    }
  }

  /** Full jitter: writers that lost the same race do not meet again. */
  async function comeAgain(entries: readonly Entry[]): Promise<void> {
    const now = clock.now().getTime()
    for (const entry of entries) {
      if ((entry.deadline ?? now) > now) waiting.push(entry)
      else
        entry.reject(
          new RetryLater(`branch ${options.branch} keeps moving: others push to it at the same time`),
        )
    }
    const longest = Math.min(2_000, 25 * 2 ** Math.min(lostRaces++, 10))
    await clock.sleep(random() * longest, closing.signal).catch(() => undefined)
  }

  /** One bad change must not hold up the others: a refused batch is halved until the bad one stands alone. */
  function refuse(entries: readonly Entry[], error: Error, budget: { left: number }): void {
    if (entries.length === 1 || budget.left <= 0) {
      for (const entry of entries) entry.reject(error)
      return
    }
    budget.left--
    const half = Math.ceil(entries.length / 2)
    parts.push({ entries: entries.slice(0, half), budget }, { entries: entries.slice(half), budget })
  }
}

function settleVerdict(
  entry: Entry,
  verdict: PlannedVerdict | undefined,
  commits: readonly CommitSha[],
): void {
  if (verdict === undefined) throw new Error('a change without a verdict')
  switch (verdict.kind) {
    case 'commit': {
      const commit = commits[verdict.index]
      if (commit === undefined) throw new Error('a commit without an id')
      entry.resolve({ kind: 'pushed', commit })
      return
    }
    case 'mistake':
      entry.reject(new RangeError(verdict.message))
      return
    case 'unchanged':
      entry.resolve({ kind: 'unchanged', commit: commits.at(-1) ?? verdict.commit })
      return
    case 'foreign':
    case 'held':
      entry.resolve(verdict)
  }
}

function stopping(): RetryLater {
  return new RetryLater('Mayfly is stopping')
}
