import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { errorOf } from '../../src/forge/http/refusal.ts'
import type { CommentResult, Forge, StatusResult, StickyComment } from '../../src/forge/port.ts'
import { commitSha } from '../../src/preview/brand.ts'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'
import { mergeRequestKey } from '../../src/preview/key.ts'
import { createPublisher, type Publisher } from '../../src/report/publish.ts'
import type { ReportWish } from '../../src/report/publish/report-wish.ts'
import { type CapturedLog, createCapturedLog } from '../support/captured-log.ts'
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts'

const marker = '<!-- mayfly:default -->'
const sha = commitSha('a'.repeat(40))

interface Fixture {
  readonly clock: VirtualClock
  readonly publisher: Publisher
  readonly log: CapturedLog
  /** The comments as they stand, by number. */
  readonly comments: Map<number, string>
  /** How many younger ones there are besides, by number. */
  readonly duplicates: Map<number, number>
  readonly statuses: string[]
  /** Every call, writes marked, with its second. */
  readonly calls: { readonly atMs: number; readonly what: string; readonly wrote: boolean }[]
  /** Taken by the next calls, one each. */
  readonly errors: Error[]
  readonly written: string[]
}

/** A stateful forge at the port, a little away. */
function fixture({ remembered = 10_000 } = {}): Fixture {
  const clock = createVirtualClock()
  const log = createCapturedLog()
  const shared = {
    comments: new Map<number, string>(),
    duplicates: new Map<number, number>(),
    statuses: [] as string[],
    calls: [] as Fixture['calls'],
    errors: [] as Error[],
    written: [] as string[],
  }
  const publisher = createPublisher({
    writers: new Map([['acme-git', writer(clock, shared)]]),
    clock,
    random: () => 0.5,
    log,
    onWrite: ({ forge, kind, result }) => shared.written.push(`${forge} ${kind} ${result}`),
    remembered,
  })
  return { clock, publisher, log, ...shared }
}

function writer(
  clock: VirtualClock,
  shared: Pick<Fixture, 'comments' | 'duplicates' | 'statuses' | 'calls' | 'errors'>,
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
    shared.calls.push({ atMs, what, wrote: ['created', 'edited', 'unfinished', 'set'].includes(result) })
    return result
  }
  return {
    publishComment: ({ number }, wanted) =>
      call(`comment ${number} ${text(wanted)}`, () => comment(shared, number, wanted)),
    publishStatus: (_repository, _sha, status) =>
      call<StatusResult>(`status ${status.context} ${status.state}`, () => {
        shared.statuses.push(`${status.context} ${status.state}`)
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

function wish(
  number: number,
  body: string | null,
  states: readonly ('pending' | 'success')[] = [],
  whenMissing: 'create' | 'skip' = 'create',
): ReportWish {
  const ref = { forge: 'acme-git', repository: 'acme/shop', number }
  return {
    key: mergeRequestKey(ref),
    ref,
    comment: body === null ? null : { marker, body: `${marker}\n${body}`, whenMissing },
    statuses: states.map((state) => ({
      sha,
      status: { context: 'mayfly/shop', state, description: '', targetUrl: null },
    })),
  }
}

function what({ calls }: Fixture): readonly string[] {
  return calls.map((call) => call.what)
}

describe('the budget of a token', () => {
  it('a thousand comments at once: never above 1 a second, 80 a minute, 500 an hour, all written, newest text wins', async () => {
    const forge = fixture()
    const { clock, publisher, calls } = forge
    const startedAt = clock.now().getTime()
    for (let number = 1; number <= 1000; number++) publisher.want(wish(number, 'deploying'))
    // Nobody who asked was made to wait.
    expect(clock.now().getTime()).toBe(startedAt)
    await clock.advance(60_000)
    for (let number = 1; number <= 1000; number++) publisher.want(wish(number, 'ready'))
    await clock.until(publisher.idle())

    expect([...forge.comments.values()].filter((body) => body !== 'ready')).toEqual([])
    expect(forge.comments.size).toBe(1000)
    const writes = calls.filter(({ wrote }) => wrote).map(({ atMs }) => atMs)
    // What was written before the second wish was written twice, the rest once.
    expect(writes.length).toBeLessThan(1070)
    expectPolite(writes)
    const took = (writes.at(-1) ?? 0) - (writes[0] ?? 0)
    expect(took).toBeLessThan(2.6 * 3_600_000)
    const late = calls.filter(({ atMs, what }) => atMs > startedAt + 61_000 && what.endsWith('deploying'))
    expect(late).toEqual([])
  })

  it('statuses and the removal of duplicates count like any other write', async () => {
    const forge = fixture()
    const { clock, publisher, comments, duplicates, calls } = forge
    for (let number = 1; number <= 300; number++) {
      if (number % 3 === 0) comments.set(number, 'old')
      if (number % 6 === 0) duplicates.set(number, 3)
      publisher.want(wish(number, 'ready', ['pending']))
    }
    await clock.until(publisher.idle())
    expect(new Set(comments.values())).toEqual(new Set(['ready']))
    expect([...duplicates.values()].filter((count) => count > 0)).toEqual([])
    expect(forge.statuses).toHaveLength(300)
    const writes = calls.filter(({ wrote }) => wrote).map(({ atMs }) => atMs)
    expect(writes).toHaveLength(300 + 50 * 3 + 300)
    expect(forge.written).toHaveLength(writes.length)
    expectPolite(writes)
  })

  it('each forge keeps its own pace: one that asks for silence holds up no other', async () => {
    const clock = createVirtualClock()
    const said: string[] = []
    const speaker = (
      name: string,
      answer: () => CommentResult,
    ): Pick<Forge, 'publishComment' | 'publishStatus'> => ({
      publishComment: ({ number }) => {
        said.push(`${name} ${number}`)
        return Promise.resolve().then(answer)
      },
      publishStatus: () => Promise.resolve('unchanged'),
    })
    const silent = () => {
      throw new RetryLater('slow down', { retryAfterMs: 3_600_000 })
    }
    const publisher = createPublisher({
      writers: new Map([
        ['one', speaker('one', silent)],
        ['other', speaker('other', () => 'created')],
      ]),
      clock,
      random: () => 0.5,
      log: createCapturedLog(),
      onWrite: () => undefined,
    })
    for (let number = 1; number <= 5; number++)
      for (const forge of ['one', 'other']) {
        const ref = { forge, repository: 'acme/shop', number }
        publisher.want({ ...wish(number, 'ready'), ref, key: mergeRequestKey(ref) })
      }
    await clock.advance(10_000)
    expect(said.filter((call) => call.startsWith('other'))).toHaveLength(5)
    expect(said.filter((call) => call.startsWith('one'))).toHaveLength(1)
  })

  it('reading what turns out to be said costs nothing', async () => {
    const { clock, publisher, comments, calls } = fixture()
    for (let number = 1; number <= 100; number++) comments.set(number, 'ready')
    for (let number = 1; number <= 100; number++) publisher.want(wish(number, 'ready'))
    publisher.want(wish(101, 'new'))
    await clock.until(publisher.idle())
    expect(calls.at(-1)).toMatchObject({ what: 'comment 101 new', wrote: true })
    expect((calls.at(-1)?.atMs ?? 0) - (calls[0]?.atMs ?? 0)).toBeLessThan(25_000)
  })
})

describe('what is said', () => {
  it('comment and statuses of one merge request go together, before the next one', async () => {
    const forge = fixture()
    forge.publisher.want(wish(1, 'ready', ['success']))
    forge.publisher.want(wish(2, 'ready', ['success']))
    await forge.clock.until(forge.publisher.idle())
    expect(what(forge)).toEqual([
      'comment 1 ready',
      'status mayfly/shop success',
      'comment 2 ready',
      'status mayfly/shop success',
    ])
    expect(forge.written).toEqual([
      'acme-git comment created',
      'acme-git status set',
      'acme-git comment created',
      'acme-git status set',
    ])
  })

  it('a text that was overtaken while it waited is never sent', async () => {
    const forge = fixture()
    forge.publisher.want(wish(1, 'one'))
    forge.publisher.want(wish(2, 'one', ['pending']))
    forge.publisher.want(wish(2, 'two', ['pending']))
    await forge.clock.advance(500)
    forge.publisher.want(wish(2, 'three', ['success']))
    await forge.clock.until(forge.publisher.idle())
    expect(what(forge)).toEqual(['comment 1 one', 'comment 2 three', 'status mayfly/shop success'])
  })

  it('a text that changes while it is being sent is said afterwards', async () => {
    const forge = fixture()
    forge.publisher.want(wish(1, 'one'))
    await forge.clock.advance(20)
    forge.publisher.want(wish(1, 'two'))
    await forge.clock.until(forge.publisher.idle())
    expect(what(forge)).toEqual(['comment 1 one', 'comment 1 two'])
  })

  it('law 6: what this process has said is not even read again', async () => {
    const forge = fixture()
    for (let look = 0; look < 3; look++) {
      forge.publisher.want(wish(1, 'ready', ['success']))
      await forge.clock.until(forge.publisher.idle())
    }
    expect(forge.calls).toHaveLength(2)
    forge.publisher.want(wish(1, null, ['success']))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.calls).toHaveLength(2)
  })

  it('want returns at once, whatever the forge does', () => {
    const forge = fixture()
    forge.publisher.want(wish(1, 'ready'))
    expect(forge.calls).toEqual([])
  })
})

describe('duplicates of the comment', () => {
  it('go one write at a time, after the newest text was said', async () => {
    const forge = fixture()
    forge.comments.set(1, 'old')
    forge.duplicates.set(1, 2)
    forge.publisher.want(wish(1, 'one'))
    await forge.clock.advance(500)
    forge.publisher.want(wish(1, 'two'))
    await forge.clock.until(forge.publisher.idle())
    expect(what(forge)).toEqual(['comment 1 one', 'comment 1 two', 'comment 1 two', 'comment 1 two'])
    expect(forge.written.map((written) => written.split(' ').at(-1))).toEqual([
      'unfinished',
      'unfinished',
      'unfinished',
      'edited',
    ])
    expect(forge.duplicates.get(1)).toBe(0)
  })

  it('that never end are left alone after a while, and hold up nobody', async () => {
    const forge = fixture()
    forge.duplicates.set(1, 1_000)
    forge.publisher.want(wish(1, 'one'))
    forge.publisher.want(wish(2, 'two'))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.comments.get(2)).toBe('two')
    expect(forge.calls.length).toBeLessThan(20)
    expect(forge.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
  })
})

describe('comments that are not there', () => {
  it('one that people deleted is written again once, then only edited where it is', async () => {
    const forge = fixture()
    const say = async (body: string) => {
      forge.publisher.want(wish(1, body))
      await forge.clock.until(forge.publisher.idle())
      return forge.comments.get(1)
    }
    expect(await say('one')).toBe('one')
    forge.comments.delete(1)
    expect(await say('two')).toBe('two')
    expect(await say('three')).toBe('three')
    forge.comments.delete(1)
    expect(await say('four')).toBeUndefined()
    expect(await say('five')).toBeUndefined()
    expect(forge.calls).toHaveLength(5)
    await say('five')
    expect(forge.calls).toHaveLength(5)
  })

  it('one that was only to be edited is written once it may be created, with the same text', async () => {
    const forge = fixture()
    forge.publisher.want(wish(1, 'one', [], 'skip'))
    await forge.clock.until(forge.publisher.idle())
    forge.publisher.want(wish(1, 'one', [], 'skip'))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.calls).toHaveLength(1)
    forge.publisher.want(wish(1, 'one'))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.comments.get(1)).toBe('one')
  })

  it('a locked conversation is remembered quietly', async () => {
    const forge = fixture()
    forge.comments.set(1, 'locked')
    for (let look = 0; look < 3; look++) {
      forge.publisher.want(wish(1, 'ready'))
      await forge.clock.until(forge.publisher.idle())
    }
    expect(forge.calls).toHaveLength(1)
    expect(forge.log.lines).toEqual([])
  })
})

describe('a forge in trouble', () => {
  it('law 11: one report that fails does not hold up the next, and comes again', async () => {
    const forge = fixture()
    forge.errors.push(new RetryLater('500'), new RetryLater('500'))
    forge.publisher.want(wish(1, 'one'))
    forge.publisher.want(wish(2, 'two'))
    forge.publisher.want(wish(3, 'three'))
    await forge.clock.until(forge.publisher.idle())
    expect(what(forge).toSorted()).toEqual([
      'comment 1 one',
      'comment 1 one',
      'comment 2 two',
      'comment 2 two',
      'comment 3 three',
    ])
    expect([...forge.comments.keys()].toSorted()).toEqual([1, 2, 3])
  })

  it('the whole token is silent for as long as the forge asks', async () => {
    const forge = fixture()
    forge.errors.push(new RetryLater('slow down', { retryAfterMs: 90_000 }))
    forge.publisher.want(wish(1, 'one'))
    forge.publisher.want(wish(2, 'two'))
    await forge.clock.until(forge.publisher.idle())
    const [first, second] = forge.calls
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(90_000)
    expect(forge.comments.size).toBe(2)
  })

  const slowDown: Readonly<Record<string, { status: number; headers?: HeadersInit; text?: string }>> = {
    '403 in words alone, the secondary limit': {
      status: 403,
      text: '{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}',
    },
    '403 with Retry-After': { status: 403, headers: { 'retry-after': '60' } },
    '403 with a spent budget': {
      status: 403,
      headers: {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(Date.parse('2026-11-21T10:01:01Z') / 1000),
      },
    },
    '429 without a word': { status: 429 },
    '422 abuse': { status: 422, text: '{"message":"Validation Failed","errors":[{"code":"abuse"}]}' },
  }

  it.each(Object.entries(slowDown))('the whole token is silent for a minute after %s', async (_, answer) => {
    const forge = fixture()
    const raw = { text: '', ...answer, headers: new Headers(answer.headers) }
    const refusal = errorOf(raw, call, { forge: 'acme-git', now: forge.clock.now(), secret: 'secret' })
    forge.errors.push(...(refusal === null ? [] : [refusal]))
    forge.publisher.want(wish(1, 'one', ['success']))
    forge.publisher.want(wish(2, 'two', ['success']))
    await forge.clock.until(forge.publisher.idle())
    const [first, second] = forge.calls
    expect(first).toMatchObject({ wrote: false })
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(60_000)
    expect([...forge.comments]).toEqual([
      [2, 'two'],
      [1, 'one'],
    ])
    expect(forge.statuses).toHaveLength(2)
  })

  it('news overtakes the backoff of what it replaces', async () => {
    const forge = fixture()
    forge.errors.push(...Array.from({ length: 8 }, () => new RetryLater('500')))
    forge.publisher.want(wish(1, 'one'))
    await forge.clock.advance(250_000)
    const tried = forge.calls.length
    forge.publisher.want(wish(1, 'two'))
    await forge.clock.advance(1_500)
    expect(forge.calls).toHaveLength(tried + 1)
    await forge.clock.until(forge.publisher.idle())
    expect(forge.comments.get(1)).toBe('two')
  })

  it('one that always fails is given up, said once, and taken up when it is wanted again later', async () => {
    const forge = fixture()
    forge.errors.push(...Array.from({ length: 10 }, () => new RetryLater('500')))
    forge.publisher.want(wish(1, 'one'))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
    await forge.clock.advance(600_000)
    forge.publisher.want(wish(1, 'one'))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.comments.get(1)).toBe('one')
  })

  it('a refusal is said once and not tried again with the same text for a while; the statuses go on', async () => {
    const forge = fixture()
    forge.errors.push(new Stalled('the token needs write:issue'))
    forge.publisher.want(wish(1, 'one', ['success']))
    await forge.clock.until(forge.publisher.idle())
    forge.publisher.want(wish(1, 'one', ['success']))
    await forge.clock.until(forge.publisher.idle())
    expect(what(forge)).toEqual(['comment 1 one', 'status mayfly/shop success'])
    expect(forge.log.lines).toMatchObject([{ level: 'warn', facts: { why: 'the token needs write:issue' } }])

    await forge.clock.advance(600_000)
    forge.errors.push(new Stalled('the token needs write:issue'))
    forge.publisher.want(wish(1, 'one', ['success']))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.calls).toHaveLength(3)
    expect(forge.log.lines).toHaveLength(1)
    forge.publisher.want(wish(1, 'two', ['success']))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.comments.get(1)).toBe('two')
  })
})

describe('memory and end', () => {
  it('forgets the longest unwanted reports, never one that waits', async () => {
    const forge = fixture({ remembered: 2 })
    for (let number = 1; number <= 4; number++) forge.publisher.want(wish(number, 'ready'))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.comments.size).toBe(4)
    for (let number = 5; number <= 8; number++) {
      forge.publisher.want(wish(number, 'ready'))
      await forge.clock.until(forge.publisher.idle())
    }
    forge.publisher.want(wish(8, 'ready'))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.calls).toHaveLength(8)
    forge.publisher.want(wish(1, 'ready'))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.calls.at(-1)).toMatchObject({ what: 'comment 1 ready', wrote: false })
  })

  it('says what it can before the deadline, takes no more wishes, and ends', async () => {
    const forge = fixture()
    for (let number = 1; number <= 10; number++) forge.publisher.want(wish(number, 'ready'))
    const stopped = forge.publisher.stop(3_500)
    forge.publisher.want(wish(11, 'too late'))
    await forge.clock.until(stopped)
    expect(forge.comments.size).toBe(3)
    await forge.clock.until(forge.publisher.idle())
    expect(forge.comments.size).toBe(3)
  })

  it('does not wait for a backoff when it ends, nor for the deadline when all is said', async () => {
    const forge = fixture()
    forge.errors.push(new RetryLater('500'), new RetryLater('500'), new RetryLater('500'))
    forge.publisher.want(wish(1, 'one'))
    await forge.clock.advance(2_500)
    const startedAt = forge.clock.now().getTime()
    await forge.clock.until(forge.publisher.stop(60_000))
    expect(forge.clock.now().getTime() - startedAt).toBeLessThan(2_000)
  })
})

const call = {
  operation: 'create-comment',
  purpose: 'comment on merge request 1 of acme/shop',
  right: 'write:issue',
  method: 'POST',
  path: ['repos', 'acme', 'shop', 'issues', '1', 'comments'],
  schema: z.unknown(),
} as const

/** What GitHub asks of one token, and one write a second at most. */
function expectPolite(writes: readonly number[]): void {
  expect(most(writes, 1_000)).toBe(1)
  expect(most(writes, 60_000)).toBeLessThanOrEqual(80)
  expect(most(writes, 3_600_000)).toBeLessThanOrEqual(500)
}

/** The most of `times` within any window of `ms`. */
function most(times: readonly number[], ms: number): number {
  let best = 0
  let from = 0
  for (const [index, time] of times.entries()) {
    while (time - (times[from] ?? 0) >= ms) from++
    best = Math.max(best, index - from + 1)
  }
  return best
}
