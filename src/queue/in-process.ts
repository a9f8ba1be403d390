import type { Clock, Random } from '../clock.ts'
import type { Log } from '../log.ts'
import { RetryLater } from '../preview/errors.ts'
import type { MergeRequestKey } from '../preview/key.ts'
import type { Trigger } from '../preview/outcome.ts'
import { type Backoff, backoff, saneWait } from './backoff.ts'
import type { Reconcile, Queue, QueueState } from './port.ts'
import { within } from './within.ts'

export interface InProcessOptions {
  /** Looks at once. */
  readonly concurrency: number
  readonly clock: Clock
  readonly random: Random
  readonly backoff?: Backoff
  readonly log: Log
}

/** The queue without Redis: nothing in it is precious, the first sweep after a start finds everything again. */
export function createInProcessQueue(options: InProcessOptions): Queue {
  const room: QueuedKeys = {
    options,
    ready: { event: new Map(), sweep: new Map() },
    delayed: new Map(),
    running: new Map(),
    reconcile: null,
    stopped: false,
  }
  return {
    add: (key, prompt) => Promise.resolve().then(() => add(room, key, prompt)),
    start: (look) => {
      room.reconcile = look
      startReady(room)
      return Promise.resolve()
    },
    state: () => Promise.resolve(state(room)),
    stop: (deadlineMs) => stop(room, deadlineMs),
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
  /** Who asked meanwhile: one more look afterwards. */
  again: 'event' | 'hint' | null
  done: Promise<void>
}

function add(room: QueuedKeys, key: MergeRequestKey, prompt: Trigger | 'hint'): void {
  if (room.stopped) throw new RetryLater(`${key} was not taken: the queue is stopping`)
  const running = room.running.get(key)
  if (running !== undefined) {
    if (prompt === 'event' || (prompt === 'hint' && running.again === null)) running.again = prompt
    return
  }
  if (room.ready.event.has(key)) return
  const waits = room.ready.sweep.get(key) ?? room.delayed.get(key)
  if (waits !== undefined && prompt === 'sweep') return
  const asked = prompt === 'hint' ? (room.delayed.get(key)?.trigger ?? 'sweep') : prompt
  room.ready.sweep.delete(key)
  wake(room, key)
  makeReady(room, key, asked, waits?.failures ?? 0)
}

/** Ends the delay of a key before its time. */
function wake(room: QueuedKeys, key: MergeRequestKey): void {
  room.delayed.get(key)?.wakeUp.abort()
  room.delayed.delete(key)
}

function makeReady(room: QueuedKeys, key: MergeRequestKey, prompt: Trigger, failures: number): void {
  room.ready[prompt].set(key, { failures, sinceMs: room.options.clock.now().getTime() })
  startReady(room)
}

function startReady(room: QueuedKeys): void {
  const { reconcile: look } = room
  if (look === null) return
  while (!room.stopped && room.running.size < room.options.concurrency) {
    const next = first(room, 'event') ?? first(room, 'sweep')
    if (next === undefined) return
    room.ready[next.trigger].delete(next.key)
    const running: Running = { again: null, done: Promise.resolve() }
    room.running.set(next.key, running)
    running.done = runReconcile(room, look, next)
  }
}

interface Next extends Ready {
  readonly key: MergeRequestKey
  readonly trigger: Trigger
}

function first(room: QueuedKeys, prompt: Trigger): Next | undefined {
  for (const [key, ready] of room.ready[prompt]) return { key, trigger: prompt, ...ready }
  return undefined
}

async function runReconcile(room: QueuedKeys, look: Reconcile, next: Next): Promise<void> {
  try {
    const outcome = await look(next.key, next.trigger)
    leave(room, next.key, () => {
      // A scheduled look is asked for by nobody in particular, whoever asked for the one before.
      if (outcome.kind === 'waiting') comeBack(room, next.key, 'sweep', 0, saneWait(outcome.afterMs))
    })
  } catch (error) {
    leave(room, next.key, () => {
      fail(room, next, error)
    })
  }
}

/** After a look: once more at once when an event came meanwhile, else `otherwise`, hurried when it was a hint. */
function leave(room: QueuedKeys, key: MergeRequestKey, otherwise: () => void): void {
  const again = room.running.get(key)?.again ?? null
  room.running.delete(key)
  if (again === 'event') makeReady(room, key, 'event', 0)
  else otherwise()
  if (again === 'hint' && !room.stopped) add(room, key, 'hint')
  startReady(room)
}

function fail(room: QueuedKeys, { key, trigger: prompt, failures }: Next, error: unknown): void {
  const { random, log } = room.options
  const retryAfterMs = error instanceof RetryLater ? error.retryAfterMs : null
  const waitMs = (room.options.backoff ?? backoff)(failures + 1, random, retryAfterMs)
  log.warn({ mergeRequest: key, failures: failures + 1, waitMs, err: error }, 'a look failed and comes back')
  comeBack(room, key, prompt, failures + 1, waitMs)
}

function comeBack(
  room: QueuedKeys,
  key: MergeRequestKey,
  prompt: Trigger,
  failures: number,
  waitMs: number,
): void {
  if (room.stopped) return
  const delayed: Delayed = { trigger: prompt, failures, wakeUp: new AbortController() }
  room.delayed.set(key, delayed)
  room.options.clock.sleep(waitMs, delayed.wakeUp.signal).then(
    () => {
      // An event may have come in the very moment the time was up.
      if (room.delayed.get(key) !== delayed) return
      room.delayed.delete(key)
      makeReady(room, key, prompt, failures)
    },
    () => undefined,
  )
}

function state(room: QueuedKeys): QueueState {
  const oldest = [first(room, 'event'), first(room, 'sweep')].flatMap((ready) => ready?.sinceMs ?? [])
  const now = room.options.clock.now().getTime()
  return {
    waiting: room.ready.event.size + room.ready.sweep.size,
    active: room.running.size,
    delayed: room.delayed.size,
    oldestWaitingMs: oldest.length === 0 ? 0 : Math.max(0, now - Math.min(...oldest)),
    trouble: null,
  }
}

async function stop(room: QueuedKeys, deadlineMs: number): Promise<void> {
  room.stopped = true
  for (const key of [...room.delayed.keys()]) wake(room, key)
  const { clock, log } = room.options
  const late = (): Error => new RetryLater('looks were still running at the deadline')
  const ended = Promise.all([...room.running.values()].map(({ done }) => done))
  await within(ended, { ms: deadlineMs, clock, late }).catch(() => {
    log.warn({ active: room.running.size }, 'stopped with looks still running')
  })
}
