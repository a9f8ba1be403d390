import type { Clock, Random } from '../pace/clock.ts'
import type { Log } from '../log.ts'
import { RetryLater } from '../preview/errors.ts'
import type { MergeRequestKey } from '../preview/key.ts'
import type { Trigger } from '../preview/outcome.ts'
import { type Backoff, backoff, saneWait } from '../pace/backoff.ts'
import type { Reconcile, Queue, QueueState } from './port.ts'
import { withDeadline } from '../pace/deadline.ts'

export interface InProcessOptions {
  /** Passes at once. */
  readonly concurrency: number
  readonly clock: Clock
  readonly random: Random
  readonly backoff?: Backoff
  readonly log: Log
}

/** The queue without Redis: nothing in it is precious, the first sweep after a start finds everything again. */
export function createInProcessQueue(options: InProcessOptions): Queue {
  const keys: QueuedKeys = {
    options,
    ready: { event: new Map(), sweep: new Map() },
    delayed: new Map(),
    running: new Map(),
    reconcile: null,
    stopped: false,
  }
  return {
    add: (key, trigger) => Promise.resolve().then(() => add(keys, key, trigger)),
    start: (reconcile) => {
      keys.reconcile = reconcile
      startReady(keys)
      return Promise.resolve()
    },
    state: () => Promise.resolve(state(keys)),
    stop: (deadlineMs) => stop(keys, deadlineMs),
  }
}

/** A key is in one of the maps at most: ready (in order of arrival), delayed or running. */
interface QueuedKeys {
  readonly options: InProcessOptions
  readonly ready: Readonly<Record<Trigger, Map<MergeRequestKey, Ready>>>
  readonly delayed: Map<MergeRequestKey, Delayed>
  readonly running: Map<MergeRequestKey, Running>
  reconcile: Reconcile | null
  stopped: boolean
}

interface Ready {
  readonly failures: number
  readonly sinceMs: number
}

interface Delayed {
  readonly trigger: Trigger
  readonly failures: number
  readonly wakeUp: AbortController
}

interface Running {
  /** What came meanwhile: one more pass afterwards. */
  again: 'event' | 'hint' | null
  done: Promise<void>
}

function add(keys: QueuedKeys, key: MergeRequestKey, trigger: Trigger | 'hint'): void {
  if (keys.stopped) throw new RetryLater(`${key} was not taken: the queue is stopping`)
  const running = keys.running.get(key)
  if (running !== undefined) {
    if (trigger === 'event' || (trigger === 'hint' && running.again === null)) running.again = trigger
    return
  }
  if (keys.ready.event.has(key)) return
  const waits = keys.ready.sweep.get(key) ?? keys.delayed.get(key)
  if (waits !== undefined && trigger === 'sweep') return
  const becomes = trigger === 'hint' ? (keys.delayed.get(key)?.trigger ?? 'sweep') : trigger
  keys.ready.sweep.delete(key)
  wake(keys, key)
  makeReady(keys, key, becomes, waits?.failures ?? 0)
}

/** Ends the delay of a key before its time. */
function wake(keys: QueuedKeys, key: MergeRequestKey): void {
  keys.delayed.get(key)?.wakeUp.abort()
  keys.delayed.delete(key)
}

function makeReady(keys: QueuedKeys, key: MergeRequestKey, trigger: Trigger, failures: number): void {
  keys.ready[trigger].set(key, { failures, sinceMs: keys.options.clock.monotonicMs() })
  startReady(keys)
}

function startReady(keys: QueuedKeys): void {
  const { reconcile } = keys
  if (reconcile === null) return
  while (!keys.stopped && keys.running.size < keys.options.concurrency) {
    const next = first(keys, 'event') ?? first(keys, 'sweep')
    if (next === undefined) return
    keys.ready[next.trigger].delete(next.key)
    const running: Running = { again: null, done: Promise.resolve() }
    keys.running.set(next.key, running)
    running.done = runReconcile(keys, reconcile, next)
  }
}

interface Next extends Ready {
  readonly key: MergeRequestKey
  readonly trigger: Trigger
}

function first(keys: QueuedKeys, trigger: Trigger): Next | undefined {
  for (const [key, ready] of keys.ready[trigger]) return { key, trigger, ...ready }
  return undefined
}

async function runReconcile(keys: QueuedKeys, reconcile: Reconcile, next: Next): Promise<void> {
  try {
    const outcome = await reconcile(next.key, next.trigger)
    leave(keys, next.key, () => {
      // A scheduled pass has no event behind it, whatever triggered the one before.
      if (outcome.kind === 'waiting') comeBack(keys, next.key, 'sweep', 0, saneWait(outcome.afterMs))
    })
  } catch (error) {
    leave(keys, next.key, () => {
      fail(keys, next, error)
    })
  }
}

/** After a pass: once more at once when an event came meanwhile, else `otherwise`, hurried when it was a hint. */
function leave(keys: QueuedKeys, key: MergeRequestKey, otherwise: () => void): void {
  const again = keys.running.get(key)?.again ?? null
  keys.running.delete(key)
  if (again === 'event') makeReady(keys, key, 'event', 0)
  else otherwise()
  if (again === 'hint' && !keys.stopped) add(keys, key, 'hint')
  startReady(keys)
}

function fail(keys: QueuedKeys, { key, trigger, failures }: Next, error: unknown): void {
  const { random, log } = keys.options
  const retryAfterMs = error instanceof RetryLater ? error.retryAfterMs : null
  const waitMs = (keys.options.backoff ?? backoff)(failures + 1, random, retryAfterMs)
  log.warn({ mergeRequest: key, failures: failures + 1, waitMs, err: error }, 'a look failed and comes back')
  comeBack(keys, key, trigger, failures + 1, waitMs)
}

function comeBack(
  keys: QueuedKeys,
  key: MergeRequestKey,
  trigger: Trigger,
  failures: number,
  waitMs: number,
): void {
  if (keys.stopped) return
  const delayed: Delayed = { trigger, failures, wakeUp: new AbortController() }
  keys.delayed.set(key, delayed)
  keys.options.clock.sleep(waitMs, delayed.wakeUp.signal).then(
    () => {
      // An event may have come in the very moment the time was up.
      if (keys.delayed.get(key) !== delayed) return
      keys.delayed.delete(key)
      makeReady(keys, key, trigger, failures)
    },
    () => undefined,
  )
}

function state(keys: QueuedKeys): QueueState {
  const oldest = [first(keys, 'event'), first(keys, 'sweep')].flatMap((ready) => ready?.sinceMs ?? [])
  const now = keys.options.clock.monotonicMs()
  return {
    waiting: keys.ready.event.size + keys.ready.sweep.size,
    active: keys.running.size,
    delayed: keys.delayed.size,
    oldestWaitingMs: oldest.length === 0 ? 0 : Math.max(0, now - Math.min(...oldest)),
    trouble: null,
  }
}

async function stop(keys: QueuedKeys, deadlineMs: number): Promise<void> {
  keys.stopped = true
  for (const key of [...keys.delayed.keys()]) wake(keys, key)
  const { clock, log } = keys.options
  const late = (): Error => new RetryLater('looks were still running at the deadline')
  const ended = Promise.all([...keys.running.values()].map(({ done }) => done))
  await withDeadline(ended, { ms: deadlineMs, clock, late }).catch(() => {
    log.warn({ active: keys.running.size }, 'stopped with looks still running')
  })
}
