import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { afterEach, expect, it } from 'vitest'
import { secret } from '../../src/config/secret.ts'
import { githubWebhook } from '../../src/forge/github/webhook.ts'
import { type Judged, judged } from '../webhook/judged.ts'
import { failOnUnknown, userCalled } from '../support/forge-harness.ts'
import { startTestGithub } from '../support/github-harness.ts'
import { startHttpServer } from '../support/http-server.ts'

const key = 'a-webhook-secret-of-the-tests'
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

interface Told {
  readonly headers: IncomingHttpHeaders
  readonly body: { readonly action: string }
  readonly received: Judged
}

it('tells a life in signed webhooks that the door takes, each change by itself', async () => {
  const told: Told[] = []
  const door = await startHttpServer((request, response) => {
    void readAll(request).then((bytes) => {
      const received = judged(githubWebhook, request.headers, bytes, [secret(key)], new Date())
      told.push({ headers: request.headers, body: JSON.parse(bytes.toString()) as Told['body'], received })
      response.writeHead(202).end()
    })
  })
  const { sandbox } = await startTestGithub({ webhook: { url: door.url, secret: key } })
  closing.push(
    () => door.close(),
    () => sandbox.close(),
  )
  const { actions } = sandbox
  const dev = userCalled(sandbox, 'dev')
  actions.openMergeRequest('acme/shop', { branch: 'cart', author: dev })
  actions.push('acme/shop', 1)
  actions.edit('acme/shop', 1, { title: 'Cart', targetBranch: 'release' })
  actions.label('acme/shop', 1, ['preview', 'big'])
  actions.label('acme/shop', 1, ['preview'])
  actions.setDraft('acme/shop', 1, true)
  actions.setDraft('acme/shop', 1, false)
  const { id } = actions.comment('acme/shop', 1, dev, 'hello')
  actions.editComment('acme/shop', id, dev, 'hello again')
  actions.deleteComment('acme/shop', id, dev)
  actions.setState('acme/shop', 1, 'closed')
  actions.setState('acme/shop', 1, 'open')
  actions.setState('acme/shop', 1, 'merged')
  await sandbox.webhooks.settled()
  expect(
    told.map(({ headers, body, received }) => [headers['x-github-event'], body.action, wordOf(received)]),
  ).toEqual([
    ['pull_request', 'opened', 'opened'],
    ['pull_request', 'synchronize', 'pushed'],
    ['pull_request', 'edited', 'edited'],
    ['pull_request', 'labeled', 'labelled'],
    ['pull_request', 'labeled', 'labelled'],
    ['pull_request', 'unlabeled', 'labelled'],
    ['pull_request', 'converted_to_draft', 'edited'],
    ['pull_request', 'ready_for_review', 'edited'],
    ['issue_comment', 'created', 'ignored'],
    ['issue_comment', 'edited', 'ignored'],
    ['issue_comment', 'deleted', 'ignored'],
    ['pull_request', 'closed', 'closed'],
    ['pull_request', 'reopened', 'reopened'],
    ['pull_request', 'closed', 'merged'],
  ])
  expect(told[2]?.body).toMatchObject({
    changes: { title: { from: 'cart' }, base: { ref: { from: 'main' } } },
  })
  expect(new Set(told.map(({ headers }) => headers['x-github-delivery'])).size).toBe(told.length)
  failOnUnknown(sandbox)
})

function wordOf(received: Judged): string {
  return received.kind === 'event' ? received.event : received.kind
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
