import { exponentialMs } from '../../pace/backoff.ts'
import { RetryLater } from '../../preview/errors.ts'
import type { Change, ChangeResult } from '../port.ts'
import type { PendingChange } from './pending-change.ts'
import {
  type PreconditionChecks,
  createPreconditionChecks,
  type PreconditionCheck,
} from './precondition-checks.ts'
import { type Batch, createRefusedSearch, type RefusedSearch } from './refused-search.ts'
import { type PushContext, type PushOutcome, pushBatch } from './push-batch.ts'
import { settleVerdict } from './settle-verdict.ts'

export interface GroupCommit {
  /** The first goes at once; those that come while a push is under way go together in the next. */
  add(change: Change): Promise<ChangeResult>
  /** Ends the push under way; what still waits is rejected with `RetryLater`. */
  close(): Promise<void>
}

interface State extends PushContext {
  readonly asker: PreconditionChecks
  readonly closing: AbortController
  readonly waiting: PendingChange[]
  readonly search: RefusedSearch
  /** What goes apart from the newcomers: parts of a refused batch, and who was refused alone before. The next one first. */
  readonly parts: Batch[]
  isPartsTurn: boolean
  lostRaces: number
}

/** A change whose answer takes longer waits for the next push, in ms. */
const patienceMs = 5_000
/** An answer older than this is asked for again, in ms. */
const freshMs = 2_000

export function createGroupCommit(context: PushContext): GroupCommit {
  const state: State = {
    ...context,
    asker: createPreconditionChecks(context.options.clock),
    closing: new AbortController(),
    search: createRefusedSearch(`branch ${context.options.branch}`),
    waiting: [],
    parts: [],
    isPartsTurn: false,
    lostRaces: 0,
  }
  let running: Promise<void> | undefined

  return {
    add(change) {
      if (state.closing.signal.aborted) return Promise.reject(stopping())
      return new Promise((resolve, reject) => {
        state.waiting.push({ change, resolve, reject, check: undefined, deadline: undefined })
        running ??= run()
      })
    },
    async close() {
      state.closing.abort()
      await running
    },
  }

  async function run(): Promise<void> {
    // Changes of the same moment go together.
    await Promise.resolve()
    while (isBusy(state)) {
      await pause(state, state.bucket.waitMs())
      if (state.closing.signal.aborted) rejectAll(state)
      else await round(state, takeBatch(state))
      if (!isBusy(state)) await tidy(state)
    }
    // In the same breath as the last look at what waits, so that nobody is left behind.
    running = undefined
  }
}

function isBusy({ waiting, parts }: State): boolean {
  return waiting.length > 0 || parts.length > 0
}

async function pause({ options, closing }: State, ms: number): Promise<void> {
  if (ms > 0) await options.clock.sleep(ms, closing.signal).catch(() => undefined)
}

async function tidy({ client: tip, options }: State): Promise<void> {
  await tip.compact().catch((error: unknown) => {
    options.log.debug({ error }, 'The clone of the environment repository could not be renewed')
  })
}

function rejectAll({ waiting, parts }: State): void {
  const left = [...waiting.splice(0), ...parts.splice(0).flatMap(({ entries }) => entries)]
  for (const entry of left) entry.reject(stopping())
}

/** Parts of a refused batch and newcomers take turns, so that neither holds up the other. */
function takeBatch(state: State): Batch {
  state.isPartsTurn = !state.isPartsTurn
  const part = state.isPartsTurn || state.waiting.length === 0 ? state.search.next(state.parts) : undefined
  if (part !== undefined) return part
  const [first, ...apart] = state.search.separate(state.waiting.splice(0))
  state.parts.push(...apart)
  return first ?? { entries: [], search: { cuts: 0, hasLanded: false, perBad: 0 }, isGuilty: false }
}

async function round(state: State, batch: Batch): Promise<void> {
  const { clock, pushDeadlineMs = 60_000 } = state.options
  const wanted = await stillWanted(state, batch.entries)
  if (wanted.length === 0) return
  for (const entry of wanted) entry.deadline ??= clock.monotonicMs() + pushDeadlineMs
  try {
    const changes = wanted.map(({ change }) => change)
    await settle(state, { ...batch, entries: wanted }, await pushBatch(state, changes, state))
  } catch (error) {
    for (const entry of wanted) entry.reject(error)
  }
}

/** Settles those that are dropped; the late ones wait for another round. */
async function stillWanted(
  { options, asker, waiting }: State,
  entries: readonly PendingChange[],
): Promise<PendingChange[]> {
  const now = options.clock.monotonicMs()
  const fresh: PreconditionCheck[] = []
  const late: PreconditionCheck[] = []
  for (const entry of entries) {
    const { check: question } = entry
    const isKept = question !== undefined && (question.settled?.at ?? now) > now - freshMs
    if (isKept) late.push(question)
    else fresh.push((entry.check = asker.start(entry.change)))
  }
  await asker.wait(fresh, late, patienceMs)
  waiting.push(...entries.filter((entry) => entry.check?.settled === undefined))
  return entries.filter(isWanted)
}

function isWanted(entry: PendingChange): boolean {
  const answer = entry.check?.settled?.answer
  if (answer === undefined) return false
  entry.check = undefined
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

async function settle(state: State, batch: Batch, outcome: PushOutcome): Promise<void> {
  if (outcome.kind !== 'moved') state.lostRaces = 0
  switch (outcome.kind) {
    case 'pushed':
      if (outcome.commits.length > 0) state.search.land(batch)
      batch.entries.forEach((entry, index) => {
        settleVerdict(entry, outcome.plan.decisions[index], outcome.commits)
      })
      return
    case 'moved':
      await comeAgain(state, batch.entries)
      return
    case 'refused':
      // One part to its end before the next: so the first answers come soon, whatever all of it costs.
      state.parts.unshift(...state.search.refuse(batch, outcome.error, outcome.named))
      return
    case 'failed':
    case 'unknown':
      for (const entry of batch.entries) entry.reject(outcome.error)
  }
}

/** Full jitter: writers that lost the same race do not meet again. */
async function comeAgain(state: State, entries: readonly PendingChange[]): Promise<void> {
  const { clock, random, branch } = state.options
  const now = clock.monotonicMs()
  for (const entry of entries) {
    if ((entry.deadline ?? now) > now) state.waiting.push(entry)
    else entry.reject(new RetryLater(`branch ${branch} keeps moving: others push to it at the same time`))
  }
  const longest = exponentialMs(++state.lostRaces, { firstMs: 25, mostMs: 2_000 })
  await pause(state, random() * longest)
}

function stopping(): RetryLater {
  return new RetryLater('Mayfly is stopping')
}
