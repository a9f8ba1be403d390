import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/pace/clock.ts'
import { mergeRequestKey, type MergeRequestKey } from '../../src/preview/key.ts'
import type { HttpAnswer } from '../support/http-post.ts'
import { deliveryNamed, type Family, families } from '../webhook/payloads.ts'
import { deliver, type Door, openDoor } from './open-door.ts'

const sha = 'd4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c1d2e3'

function told(door: Door, family: Family, name = family === 'gitlab' ? 'pipeline over' : 'status set') {
  const { headers, body } = deliveryNamed(family, name)
  return deliver(door, family, JSON.stringify(body), { headers })
}

function keysFrom(count: number, family: Family = 'github'): readonly MergeRequestKey[] {
  return Array.from({ length: count }, (_, index) =>
    mergeRequestKey({ forge: family, repository: 'acme/shop', number: index + 1 }),
  )
}

function said({ status, text }: HttpAnswer): readonly unknown[] {
  return [status, JSON.parse(text)]
}

describe('an event about a commit', () => {
  it.each(families)('%s: queues each merge request that has it as its head', async (family) => {
    const asked: unknown[][] = []
    const keys = keysFrom(2, family)
    const door = await openDoor({
      keysOf: (...args) => {
        asked.push(args)
        return keys
      },
    })
    expect(said(await told(door, family))).toEqual([202, { status: 'taken', mergeRequests: keys }])
    expect(asked).toEqual([[family, 'acme/shop', sha]])
    expect(door.taken).toEqual(keys.map((key) => [key]))
    expect(door.answers).toEqual([`${family} taken`])
  })

  it('is told to whoever remembers deliveries, taken or not', async () => {
    const told: unknown[] = []
    const onTaken = (...one: unknown[]): void => void told.push(one)
    const enqueue = (key: MergeRequestKey) =>
      key.endsWith('#2') ? Promise.reject(new Error('away')) : Promise.resolve()
    const [first, second] = keysFrom(2)
    for (const keys of [keysFrom(1), keysFrom(2)]) {
      const door = await openDoor({ keysOf: () => keys, onTaken, enqueue })
      await deliver(door, 'github', JSON.stringify(deliveryNamed('github', 'status set').body), {
        headers: { ...deliveryNamed('github', 'status set').headers, 'x-github-delivery': 'abc-1' },
      })
    }
    const delivery = { id: 'abc-1', event: 'status' }
    expect(told).toEqual([
      [first, { ...delivery, answer: 'taken' }],
      [first, { ...delivery, answer: 'not-taken' }],
      [second, { ...delivery, answer: 'not-taken' }],
    ])
  })

  it('is a line in the log for each of them', async () => {
    const door = await openDoor({ keysOf: () => keysFrom(2) })
    await told(door, 'github', 'check run completed')
    expect(door.logged.map((line) => JSON.parse(line) as object)).toMatchObject([
      { msg: 'webhook taken', event: 'check', mergeRequest: 'github:acme/shop#1' },
      { msg: 'webhook taken', event: 'check', mergeRequest: 'github:acme/shop#2' },
    ])
  })

  it('is ignored when it is the head of none that is known', async () => {
    const door = await openDoor()
    expect(said(await told(door, 'github'))).toEqual([
      200,
      { status: 'ignored', reason: 'no open merge request is known at commit d4e5f6a' },
    ])
    expect([door.taken, door.answers]).toEqual([[], ['github ignored']])
  })

  it('is ignored when its repository has no application', async () => {
    const door = await openDoor({ keysOf: () => keysFrom(1), resolve: () => undefined })
    expect(said(await told(door, 'github'))).toEqual([
      200,
      { status: 'ignored', reason: 'repository acme/shop has no application in mayfly.yaml' },
    ])
    expect(door.taken).toEqual([])
  })

  it('is ignored when the status is one of ours, whoever is waited for', async () => {
    const door = await openDoor({ keysOf: () => keysFrom(1) })
    for (const family of ['github', 'gitea', 'forgejo'] as const)
      expect(said(await told(door, family, 'status of a mayfly'))).toEqual([
        200,
        { status: 'ignored', reason: 'status: its own status' },
      ])
    expect(door.taken).toEqual([])
  })

  it('queues fifty at most', async () => {
    const door = await openDoor({ keysOf: () => keysFrom(51) })
    const answer = await told(door, 'github')
    expect(JSON.parse(answer.text)).toEqual({ status: 'taken', mergeRequests: keysFrom(50) })
    expect(door.taken).toHaveLength(50)
  })

  it('claims nothing about a merge request', async () => {
    const claims: unknown[] = []
    const door = await openDoor({ keysOf: () => keysFrom(1), onEvent: (...args) => claims.push(args) })
    await told(door, 'github')
    expect(claims).toEqual([])
    await deliver(door, 'github')
    expect(claims).toHaveLength(1)
  })

  it('is not taken when the queue does not take all of it', async () => {
    const door = await openDoor({
      keysOf: () => keysFrom(3),
      enqueue: (key) => (key.endsWith('#2') ? Promise.reject(new Error('full')) : Promise.resolve()),
    })
    const answer = await told(door, 'github')
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '10'])
    expect(door.answers).toEqual(['github not-taken'])
  })

  it('is not taken when the queue hangs for 5 s', async () => {
    const waited: number[] = []
    const clock = { ...systemClock, sleep: (ms: number) => Promise.resolve(void waited.push(ms)) }
    const door = await openDoor({
      keysOf: () => keysFrom(2),
      enqueue: () => new Promise(() => undefined),
      clock,
    })
    expect((await told(door, 'github')).status).toBe(503)
    expect(waited).toEqual([5000])
  })
})
