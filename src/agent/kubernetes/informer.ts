import { exponentialMs } from '../../pace/backoff.ts'
import type { Random } from '../../pace/clock.ts'
import type { Log } from '../../log.ts'
import { RetryLater, Stalled } from '../../preview/errors.ts'
import type { Informer, OnChange, ResourceSelector } from '../cluster.ts'
import type { ApiParts } from './call-api.ts'
import { createStore } from './store.ts'
import { listObjects, withKind } from './list-objects.ts'
import { createSyncStatus, type SyncStatus } from './sync-status.ts'
import { codeOf } from './transport.ts'
import { watchObjects } from './watch-objects.ts'

export interface InformerParts extends ApiParts {
  readonly random: Random
  readonly log: Log
  /** How long the API server keeps a watch open: as long as a dead connection can stay unnoticed. */
  readonly watchSeconds: number
}

const GRACE_MS = 10_000
const LEAST_PAUSE_MS = 500
const MOST_PAUSE_MS = 30_000
/** A missing right does not come by asking. */
const REFUSED_PAUSE_MS = 60_000
/** A watch that ends sooner with nothing in it is trouble too, else it would be asked for without a pause. */
const SHORT_MS = 1_000

/** Keeps a copy of one place: a list, then watches that go on from it; after any trouble a list again. */
export function startInformer(parts: InformerParts, place: ResourceSelector, onChange: OnChange): Informer {
  const stopped = new AbortController()
  const copy = createStore(onChange)
  const step = createSyncStatus(place, parts.clock)
  const { promise: tried, resolve } = Promise.withResolvers<undefined>()
  void run({ ...parts, place, copy, step, stopped: stopped.signal, onTried: () => resolve(undefined) })
  return {
    firstList: tried,
    objects: () => {
      step.assertSynced()
      return copy.all()
    },
    stop: () => {
      stopped.abort()
      resolve(undefined)
    },
  }
}

interface Following extends InformerParts {
  readonly place: ResourceSelector
  readonly copy: ReturnType<typeof createStore>
  readonly step: SyncStatus
  readonly stopped: AbortSignal
  readonly onTried: () => void
}

async function run(following: Following): Promise<void> {
  const { step, stopped, onTried } = following
  let version: string | null = null
  let failures = 0
  let mostPauseMs = MOST_PAUSE_MS
  while (!stopped.aborted) {
    try {
      version ??= await list(following)
      onTried()
      const watched: Watched = version === null ? await noKind(following) : await watch(following, version)
      version = watched.version
      failures = watched.short ? failures + 1 : 0
    } catch (error) {
      version = null
      failures += 1
      const why = logFailure(following, error)
      step.failed(why)
      onTried()
      mostPauseMs = why instanceof Stalled ? REFUSED_PAUSE_MS : MOST_PAUSE_MS
    }
    if (failures > 0) await pause(following, pauseMs(failures, following.random, mostPauseMs))
  }
}

/** The version to watch from; null when the cluster has no such kind (yet). */
async function list({ place, copy, step, ...parts }: Following): Promise<string | null> {
  const listed = await listObjects(parts, place)
  copy.replace(listed === 'unknown-kind' ? [] : listed.objects)
  step.synced()
  return listed === 'unknown-kind' ? null : listed.version
}

interface Watched {
  /** Null: a list must come first. */
  readonly version: string | null
  readonly short: boolean
}

/** The kind may be installed later. */
async function noKind(following: Following): Promise<Watched> {
  await pause(following, MOST_PAUSE_MS)
  return { version: null, short: false }
}

/** One watch, to its end in good order. Silence beyond the API server's own time is a dead connection. */
async function watch(following: Following, from: string): Promise<Watched> {
  const { clock, watchSeconds, stopped, step } = following
  const ended = new AbortController()
  const end = (): void => ended.abort()
  stopped.addEventListener('abort', end, { once: true })
  clock.sleep(watchSeconds * 1000 + GRACE_MS, ended.signal).then(end, () => undefined)
  const began = clock.monotonicMs()
  try {
    const { version, events } = await readEvents(following, from, ended.signal)
    step.paused()
    return { version, short: events === 0 && clock.monotonicMs() - began < SHORT_MS }
  } finally {
    stopped.removeEventListener('abort', end)
    ended.abort()
  }
}

async function readEvents(following: Following, from: string, signal: AbortSignal) {
  const { place, copy, step, watchSeconds } = following
  let version = from
  let events = 0
  const options = { place, from, timeoutSeconds: watchSeconds, signal, onOpen: step.synced }
  for await (const event of watchObjects(following, options)) {
    if (event.type === 'ERROR')
      throw new RetryLater(`a watch of ${place.kind.plural} ended with ${event.object.code}`)
    if (event.type !== 'BOOKMARK') {
      const object = withKind(place.kind, event.object)
      if (event.type === 'DELETED') copy.drop(object)
      else copy.put(object)
    }
    version = event.object.metadata.resourceVersion
    events += 1
  }
  return { version, events }
}

/** Equal jitter below an exponential ceiling. */
function pauseMs(failures: number, random: Random, mostMs: number): number {
  const ceiling = exponentialMs(failures + 1, { firstMs: LEAST_PAUSE_MS, mostMs })
  return LEAST_PAUSE_MS + random() * (ceiling - LEAST_PAUSE_MS)
}

async function pause({ clock, stopped }: Following, ms: number): Promise<void> {
  await clock.sleep(ms, stopped).catch(() => undefined)
}

function logFailure({ place, log, stopped }: Following, error: unknown): RetryLater | Stalled {
  const facts = { error, kind: place.kind.kind, namespace: place.namespace }
  if (!stopped.aborted) log.debug(facts, 'the cluster is not followed for now')
  if (error instanceof RetryLater || error instanceof Stalled) return error
  return new RetryLater(`the connection to the API server broke off (${codeOf(error)})`, { cause: error })
}
