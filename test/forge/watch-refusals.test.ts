import { describe, expect, it } from 'vitest'
import type { ForgeClient } from '../../src/forge/clients.ts'
import type { CommentResult } from '../../src/forge/port.ts'
import { createRefusalMonitor, type RefusalWatch } from '../../src/forge/refusal-monitor.ts'
import { commitSha } from '../../src/preview/brand.ts'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'
import { type CapturedLog, createCapturedLog } from '../support/captured-log.ts'
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts'

const sha = commitSha('c0ffee'.padEnd(40, '0'))
const comment = {
  marker: '<!-- mayfly:default -->',
  body: 'text',
  whenMissing: 'create',
  settledBy: null,
} as const
const status = { context: 'mayfly/shop', state: 'success', description: 'Ready', targetUrl: null } as const

const remark = { repository: 'acme/shop', number: 7, remark: 12 }
const dev = { id: 2, login: 'dev', bot: false }

interface Fixture {
  readonly forge: ForgeClient
  readonly watch: RefusalWatch
  readonly clock: VirtualClock
  readonly log: CapturedLog
  /** What every member throws; null: nothing. */
  fault: Error | null
  says: CommentResult
}

/** A forge that refuses what it is told to refuse, watched. */
function fixture(): Fixture {
  const clock = createVirtualClock()
  const log = createCapturedLog()
  const watch = createRefusalMonitor({ clock, log })
  const answer = <Result>(result: () => Result): Promise<Result> =>
    state.fault === null ? Promise.resolve(result()) : Promise.reject(state.fault)
  const repository = { id: '1', fullName: 'acme/shop', cloneUrl: 'https://forge.acme.dev/acme/shop.git' }
  const plain: ForgeClient = {
    readMergeRequest: () => answer(() => ({ kind: 'gone', repository })),
    listOpenMergeRequests: () => answer(() => ({ repository, numbers: [] })),
    listChangedFiles: () => answer(() => []),
    publishComment: () => answer(() => state.says),
    publishStatus: () => answer(() => 'set'),
    readChecks: (_repository, _sha, names) =>
      answer(() => names.map((name) => ({ name, state: 'missing', description: null, url: null }))),
    listRemarks: () => answer(() => []),
    readMark: () => answer(() => 'seen'),
    setMark: () => answer(() => undefined),
    reply: () => answer(() => undefined),
    readPermission: () => answer(() => ({ kind: 'known', permission: 'read' })),
  }
  const forge = watch.watch(new Map([['github', plain]])).get('github')
  if (forge === undefined) throw new Error('the watched forge has lost its name')
  const state: Fixture = { forge, watch, clock, log, fault: null, says: 'created' }
  return state
}

function mayNot(purpose: string, right: string): Stalled {
  return new Stalled(`the token may not ${purpose}. It needs the right \`${right}\``, { right })
}

async function publish({ forge }: Fixture, number: number, repository = 'acme/shop'): Promise<void> {
  await forge.publishComment({ repository, number }, comment).catch(() => undefined)
}

describe('a forge that refuses our token', () => {
  it('is told with the missing right and since when, and logged once however often it is met', async () => {
    const it = fixture()
    it.fault = mayNot('comment on merge request 7', 'Pull requests: write')
    await publish(it, 7)
    await it.clock.advance(60_000)
    it.fault = mayNot('comment on merge request 8', 'Pull requests: write')
    await publish(it, 8)
    expect(it.watch.sentences()).toEqual([
      'Since 2026-11-21T10:00:00.000Z: the token may not comment on merge request 8. It needs the right `Pull requests: write`',
    ])
    const facts = { forge: 'github', member: 'publishComment', right: 'Pull requests: write' }
    expect(it.log.lines).toMatchObject([{ level: 'error', facts, sentence: 'a forge refuses our token' }])
  })

  it('passes results and errors on as they are', async () => {
    const it = fixture()
    expect(await it.forge.publishStatus('acme/shop', sha, status, 'ask')).toBe('set')
    expect(await it.forge.readMark(remark)).toBe('seen')
    expect(await it.forge.readPermission('acme/shop', dev)).toEqual({ kind: 'known', permission: 'read' })
    it.fault = mayNot('set a commit status', 'Commit statuses: write')
    await expect(it.forge.publishStatus('acme/shop', sha, status, 'ask')).rejects.toBe(it.fault)
  })

  it.each([
    ['a fault that passes', new RetryLater('502')],
    ['a refusal of something else than the token', new Stalled('the text is too long')],
  ])('is not one for %s', async (_what, fault) => {
    const it = fixture()
    it.fault = fault
    await publish(it, 7)
    expect([it.watch.sentences(), it.watch.counts(), it.log.lines]).toEqual([[], [], []])
  })

  it('is told anew when another right is missing', async () => {
    const it = fixture()
    it.fault = mayNot('read comments', 'Pull requests: read')
    await publish(it, 7)
    it.fault = mayNot('comment', 'Pull requests: write')
    await publish(it, 7)
    expect(it.log.lines).toHaveLength(2)
    expect(it.watch.sentences()).toEqual([expect.stringContaining('Pull requests: write')])
  })

  it('is one sentence for all repositories where the same right is missing, and is counted', async () => {
    const it = fixture()
    it.fault = mayNot('comment', 'Pull requests: write')
    for (const repository of ['acme/shop', 'acme/docs', 'acme/web']) await publish(it, 1, repository)
    expect(it.watch.sentences()).toEqual([expect.stringMatching(/in 2 more repositories\)$/)])
    expect(it.watch.counts()).toEqual([{ forge: 'github', member: 'publishComment', repositories: 3 }])
  })
})

describe('the end of a refusal', () => {
  async function refused(): Promise<Fixture> {
    const it = fixture()
    it.fault = mayNot('comment', 'Pull requests: write')
    await publish(it, 7)
    it.fault = null
    return it
  }

  it('is a success of the same member in the same repository, and logged once', async () => {
    const it = await refused()
    await it.forge.publishStatus('acme/shop', sha, status, 'ask')
    await publish(it, 1, 'acme/docs')
    expect(it.watch.sentences()).toHaveLength(1)
    await publish(it, 8)
    await publish(it, 9)
    expect([it.watch.sentences(), it.watch.counts()]).toEqual([[], []])
    expect(it.log.lines.map(({ level }) => level)).toEqual(['error', 'info'])
  })

  it.each(['unchanged', 'skipped', 'locked'] as const)(
    'is not a comment that was %s on another merge request: nothing was written',
    async (says) => {
      const it = await refused()
      it.says = says
      await publish(it, 8)
      expect(it.watch.sentences()).toHaveLength(1)
      await publish(it, 7)
      expect(it.watch.sentences()).toEqual([])
    },
  )

  it.each([
    ['readMergeRequest', (forge: ForgeClient) => forge.readMergeRequest('acme/shop', 7)],
    ['listOpenMergeRequests', (forge: ForgeClient) => forge.listOpenMergeRequests('acme/shop')],
    ['listChangedFiles', (forge: ForgeClient) => forge.listChangedFiles('acme/shop', 7)],
    ['readChecks', (forge: ForgeClient) => forge.readChecks('acme/shop', sha, ['build'])],
    ['publishStatus', (forge: ForgeClient) => forge.publishStatus('acme/shop', sha, status, 'ask')],
    ['listRemarks', (forge: ForgeClient) => forge.listRemarks('acme/shop', 7)],
    ['readMark', (forge: ForgeClient) => forge.readMark(remark)],
    ['setMark', (forge: ForgeClient) => forge.setMark(remark, 'done')],
    ['reply', (forge: ForgeClient) => forge.reply('acme/shop', 7, 'text')],
    ['readPermission', (forge: ForgeClient) => forge.readPermission('acme/shop', dev)],
  ] as const)('comes for %s as well', async (member, ask) => {
    const it = fixture()
    it.fault = mayNot('do that', 'some right')
    await ask(it.forge).catch(() => undefined)
    expect(it.watch.counts()).toEqual([{ forge: 'github', member, repositories: 1 }])
    it.fault = null
    await ask(it.forge)
    expect(it.watch.counts()).toEqual([])
  })
})
