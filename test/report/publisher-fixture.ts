import type { CommentResult, Forge, StatusBefore, StatusResult, StickyComment } from '../../src/forge/port.ts'
import { commitSha } from '../../src/preview/brand.ts'
import { mergeRequestKey } from '../../src/preview/key.ts'
import { createPublisher, type Publisher } from '../../src/report/publish.ts'
import type { Report } from '../../src/report/publish/report.ts'
import { type CapturedLog, createCapturedLog } from '../support/captured-log.ts'
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts'

const marker = '<!-- mayfly:default -->'
const sha = commitSha('a'.repeat(40))

export interface Fixture {
  readonly clock: VirtualClock
  readonly publisher: Publisher
  readonly log: CapturedLog
  /** The comments as they stand, by number. */
  readonly comments: Map<number, string>
  /** How many younger ones there are besides, by number. */
  readonly duplicates: Map<number, number>
  readonly statuses: string[]
  /** Whether each of them asked what stands there. */
  readonly asked: StatusBefore[]
  /** Every call, writes marked, with its second. */
  readonly calls: { readonly atMs: number; readonly what: string; readonly wrote: boolean }[]
  /** Taken by the next calls, one each. */
  readonly errors: Error[]
  /** Every write that reached the forge, with its result. */
  readonly written: string[]
}

/** A stateful forge at the port, a little away. */
export function fixture({ remembered = 10_000 } = {}): Fixture {
  const clock = createVirtualClock()
  const log = createCapturedLog()
  const shared = {
    comments: new Map<number, string>(),
    duplicates: new Map<number, number>(),
    statuses: [] as string[],
    asked: [] as StatusBefore[],
    calls: [] as Fixture['calls'],
    errors: [] as Error[],
    written: [] as string[],
  }
  const publisher = createPublisher({
    writers: new Map([['acme-git', writer(clock, shared)]]),
    clock,
    random: () => 0.5,
    log,
    remembered,
  })
  return { clock, publisher, log, ...shared }
}

function writer(
  clock: VirtualClock,
  shared: Omit<Fixture, 'clock' | 'publisher' | 'log'>,
): Pick<Forge, 'publishComment' | 'publishStatus'> {
  const call = async <T extends string>(what: string, answer: () => T): Promise<T> => {
    // Now quick, now slow: what counts is when a write arrives.
    await clock.sleep(shared.calls.length % 2 === 0 ? 400 : 10)
    const atMs = clock.now().getTime()
    const error = shared.errors.shift()
    if (error !== undefined) {
      shared.calls.push({ atMs, what, wrote: false })
      throw error
    }
    const result = answer()
    const wrote = ['created', 'edited', 'unfinished', 'set'].includes(result)
    shared.calls.push({ atMs, what, wrote })
    if (wrote) shared.written.push(`acme-git ${what.split(' ', 1)[0] ?? ''} ${result}`)
    return result
  }
  return {
    publishComment: ({ number }, wanted) =>
      call(`comment ${number} ${text(wanted)}`, () => comment(shared, number, wanted)),
    publishStatus: (_repository, _sha, status, before) =>
      call<StatusResult>(`status ${status.context} ${status.state}`, () => {
        shared.statuses.push(`${status.context} ${status.state}`)
        shared.asked.push(before)
        return 'set'
      }),
  }
}

function comment(
  { comments, duplicates }: Pick<Fixture, 'comments' | 'duplicates'>,
  number: number,
  wanted: StickyComment,
): CommentResult {
  const there = comments.get(number)
  if (there === 'locked') return 'locked'
  if (there === undefined && wanted.whenMissing === 'skip') return 'skipped'
  const younger = duplicates.get(number) ?? 0
  if (there === text(wanted)) {
    duplicates.set(number, Math.max(0, younger - 1))
    if (younger === 0) return 'unchanged'
    return younger > 1 ? 'unfinished' : 'edited'
  }
  comments.set(number, text(wanted))
  if (younger > 0) return 'unfinished'
  return there === undefined ? 'created' : 'edited'
}

function text({ body }: StickyComment): string {
  return body.slice(marker.length + 1)
}

export function wish(
  number: number,
  body: string | null,
  states: readonly ('pending' | 'success')[] = [],
  whenMissing: 'create' | 'skip' = 'create',
): Report {
  const ref = { forge: 'acme-git', repository: 'acme/shop', number }
  return {
    key: mergeRequestKey(ref),
    ref,
    comment: body === null ? null : { marker, body: `${marker}\n${body}`, whenMissing, settledBy: null },
    statuses: states.map((state) => ({
      sha,
      status: { context: 'mayfly/shop', state, description: '', targetUrl: null },
      onlyUnblocks: false,
    })),
  }
}

export function what({ calls }: Fixture): readonly string[] {
  return calls.map((call) => call.what)
}
