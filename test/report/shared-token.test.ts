import { expect, it } from 'vitest'
import type { ReportWriter } from '../../src/report/publish/publish-item.ts'
import { commitSha } from '../../src/preview/brand.ts'
import { mergeRequestKey } from '../../src/preview/key.ts'
import { createPublisher } from '../../src/report/publish.ts'
import type { Report } from '../../src/report/publish/report.ts'
import { createCapturedLog } from '../support/captured-log.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

const sha = commitSha('a'.repeat(40))
const marker = '<!-- mayfly:default -->'

function wish(forge: string, number: number, text: string): Report {
  const ref = { forge, repository: 'acme/shop', number }
  return {
    key: mergeRequestKey(ref),
    ref,
    comment: { marker, body: `${marker}\n${text}`, whenMissing: 'create', settledBy: null },
    statuses: [
      {
        sha,
        status: { context: 'mayfly/shop', state: 'pending', description: text, targetUrl: null },
        onlyUnblocks: false,
      },
    ],
  }
}

function setUp({ comment }: { readonly comment: 'created' | 'edited' }) {
  const clock = createVirtualClock()
  const writes: { readonly atMs: number; readonly forge: string; readonly what: string }[] = []
  const note = (forge: string, what: string) => {
    writes.push({ atMs: clock.now().getTime(), forge, what })
  }
  const writer = (forge: string): ReportWriter => ({
    publishComment: async () => {
      await clock.sleep(10)
      note(forge, 'comment')
      return comment
    },
    publishStatus: async (_repository, _sha, _status, before) => {
      await clock.sleep(10)
      note(forge, `status, before: ${before}`)
      return 'set'
    },
  })
  const publisher = createPublisher({
    writers: new Map(['one', 'other'].map((forge) => [forge, writer(forge)])),
    tokenOf: () => 'the same',
    clock,
    random: () => 0.5,
    log: createCapturedLog(),
  })
  return { clock, publisher, writes }
}

it('two forges of one token share its pace', async () => {
  const { clock, publisher, writes } = setUp({ comment: 'created' })
  for (let number = 1; number <= 20; number++)
    for (const forge of ['one', 'other']) publisher.publish(wish(forge, number, 'Deploying'))
  await clock.until(publisher.idle())
  expect(writes).toHaveLength(80)
  expect(new Set(writes.map(({ forge }) => forge))).toEqual(new Set(['one', 'other']))
  for (const [index, { atMs }] of writes.entries())
    expect(atMs - (writes[index - 1]?.atMs ?? -1_000)).toBeGreaterThanOrEqual(1_000)
})

it('asks for a status of before only where Mayfly may have set one', async () => {
  const fresh = setUp({ comment: 'created' })
  fresh.publisher.publish(wish('one', 1, 'Deploying'))
  await fresh.clock.until(fresh.publisher.idle())
  fresh.publisher.publish(wish('one', 1, 'Ready'))
  await fresh.clock.until(fresh.publisher.idle())
  expect(fresh.writes.map(({ what }) => what)).toEqual([
    'comment',
    'status, before: none',
    'comment',
    'status, before: ask',
  ])
  const known = setUp({ comment: 'edited' })
  known.publisher.publish(wish('one', 1, 'Deploying'))
  await known.clock.until(known.publisher.idle())
  expect(known.writes.map(({ what }) => what)).toEqual(['comment', 'status, before: ask'])
})
