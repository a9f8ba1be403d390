import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/pace/clock.ts'
import { secret } from '../../src/config/secret.ts'
import { giteaWebhook } from '../../src/forge/gitea/webhook.ts'
import { type SandboxForge, startSandboxForge } from '../../src/sandbox/forge.ts'
import { giteaDialect } from '../../src/sandbox/forge/gitea/dialect.ts'
import { type Judged, judged } from '../webhook/judged.ts'
import { createCapturedLog } from '../support/captured-log.ts'
import { eventually } from '../support/eventually.ts'
import { startHttpServer } from '../support/http-server.ts'

const key = 'a-webhook-secret-of-the-tests'
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

interface Hooked {
  readonly forge: SandboxForge
  readonly received: Judged[]
  readonly api: (
    method: string,
    path: string,
    body?: object,
    token?: string,
  ) => Promise<{ status: number; json: unknown }>
}

async function start(
  answer: (response: ServerResponse) => void = (response) => response.writeHead(202).end(),
): Promise<Hooked> {
  const received: Judged[] = []
  const door = await startHttpServer((request, response) => {
    void readAll(request).then((bytes) => {
      received.push(judged(giteaWebhook, request.headers, bytes, [secret(key)], new Date()))
      answer(response)
    })
  })
  closing.push(() => door.close())
  const forge = await startSandboxForge({
    dialect: giteaDialect({ pagedComments: false }),
    host: '127.0.0.1',
    port: 0,
    users: [{ login: 'dev', fullName: 'Dev', token: 'token-of-dev' }],
    webhook: { url: door.url, secret: key },
    clock: systemClock,
    log: createCapturedLog(),
    pageLimit: 50,
    rootUrl: null,
  })
  closing.push(() => forge.close())
  forge.actions.createRepository('acme/shop')
  return {
    forge,
    received,
    api: (method, path, body, token = 'token-of-dev') => ask(forge.url, method, path, body, token),
  }
}

async function ask(
  url: string,
  method: string,
  path: string,
  body: object | undefined,
  token: string,
): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, json: text === '' ? null : JSON.parse(text) }
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function told(received: readonly Judged[]): readonly string[] {
  return received.map((one) => (one.kind === 'event' ? `${one.event} ${one.number}` : one.kind))
}

function author({ state }: SandboxForge): SandboxForge['state']['users'][number] {
  const [user] = state.users
  if (user === undefined) throw new Error('the forge has no user')
  return user
}

describe('hands on, as on a real Gitea', () => {
  it('a whole life by HTTP, each step told by a signed webhook that the door takes', async () => {
    const { api, forge, received } = await start()
    const pulls = '/repos/acme/shop/pulls'
    expect(await api('POST', pulls, { title: 'Cart', head: 'cart', base: 'main' })).toMatchObject({
      status: 201,
      json: { number: 1, state: 'open' },
    })
    expect(
      await api('POST', '/repos/acme/shop/contents/cart.txt', { branch: 'cart', content: '' }),
    ).toMatchObject({ status: 201 })
    expect(await api('PUT', '/repos/acme/shop/issues/1/labels', { labels: ['preview'] })).toMatchObject({
      status: 200,
    })
    expect(await api('PATCH', `${pulls}/1`, { title: 'WIP: Cart', base: 'release' })).toMatchObject({
      json: { draft: true, base: { ref: 'release' } },
    })
    expect(await api('POST', '/repos/acme/shop/issues/1/comments', { body: 'hello' })).toMatchObject({
      status: 201,
    })
    expect(await api('PATCH', `${pulls}/1`, { state: 'closed' })).toMatchObject({ json: { state: 'closed' } })
    expect(await api('PATCH', `${pulls}/1`, { state: 'open' })).toMatchObject({ json: { state: 'open' } })
    expect(await api('POST', `${pulls}/1/merge`, { Do: 'merge' })).toMatchObject({ status: 200 })
    expect(await api('GET', `${pulls}/1`)).toMatchObject({ json: { merged: true, state: 'closed' } })
    await forge.webhooks.settled()
    expect(told(received)).toEqual([
      'opened 1',
      'pushed 1',
      'labelled 1',
      'edited 1',
      'ignored',
      'closed 1',
      'reopened 1',
      'merged 1',
    ])
  })

  it('lets nobody in without a token, and notes what it cannot do', async () => {
    const { api, forge } = await start()
    expect(await api('GET', '/user', undefined, 'wrong')).toMatchObject({ status: 401 })
    expect(await api('GET', '/version')).toMatchObject({ status: 404 })
    expect(forge.unknownRequests).toEqual(['GET /api/v1/version'])
  })

  it('says in the title that it is a draft, and shows nothing to who may not read', async () => {
    const { api, forge } = await start()
    const { actions } = forge
    actions.openMergeRequest('acme/shop', { branch: 'cart', title: 'Cart', author: author(forge) })
    actions.setDraft('acme/shop', 1, true)
    const pull = '/repos/acme/shop/pulls/1'
    expect(await api('GET', pull)).toMatchObject({ json: { title: 'WIP: Cart', draft: true } })
    actions.setDraft('acme/shop', 1, false)
    expect(await api('GET', pull)).toMatchObject({ json: { title: 'Cart', draft: false } })
    actions.grant('acme/shop', 'dev', ['read'])
    const comment = ['POST', '/repos/acme/shop/issues/1/comments', { body: 'hello' }] as const
    expect(await api(...comment)).toMatchObject({ status: 403 })
    actions.grant('acme/shop', 'dev', [])
    expect(await api('GET', pull)).toMatchObject({ status: 404 })
  })

  it('answers bad requests and lives on', async () => {
    const { api } = await start()
    expect(await api('POST', '/repos/acme/shop/pulls', {})).toMatchObject({ status: 422 })
    expect(await api('GET', '/repos/acme/shop/pulls/x')).toMatchObject({ status: 404 })
    expect(await api('GET', '/repos/acme/%E0%A4%A/pulls')).toMatchObject({ status: 400 })
    expect(await api('GET', '/user')).toMatchObject({ status: 200 })
  })
})

describe('webhooks that go wrong', () => {
  function twoEvents({ forge }: Hooked): void {
    const { number } = forge.actions.openMergeRequest('acme/shop', { branch: 'cart', author: author(forge) })
    forge.actions.push('acme/shop', number)
  }

  it.each([
    ['prompt', ['opened 1', 'pushed 1']],
    ['lose', []],
    ['duplicate', ['opened 1', 'opened 1', 'pushed 1', 'pushed 1']],
    ['reorder', ['pushed 1', 'opened 1']],
  ] as const)('%s', async (kind, expected) => {
    const hooked = await start()
    hooked.forge.webhooks.mode({ kind })
    twoEvents(hooked)
    await hooked.forge.webhooks.settled()
    expect(told(hooked.received)).toEqual(expected)
  })

  it('delay, and a held event goes out when the mode changes', async () => {
    const hooked = await start()
    hooked.forge.webhooks.mode({ kind: 'delay', ms: 30 })
    twoEvents(hooked)
    expect(told(hooked.received)).toEqual([])
    await hooked.forge.webhooks.settled()
    hooked.forge.webhooks.mode({ kind: 'reorder' })
    hooked.forge.actions.setState('acme/shop', 1, 'closed')
    hooked.forge.webhooks.mode({ kind: 'prompt' })
    await hooked.forge.webhooks.settled()
    expect(told(hooked.received)).toEqual(['opened 1', 'pushed 1', 'closed 1'])
  })

  it('one that hangs or is refused is lost, and the forge ends in time', async () => {
    const hanging = await start(() => undefined)
    twoEvents(hanging)
    await eventually(() => hanging.received.length === 1)
    await hanging.forge.webhooks.close()
    expect(told(hanging.received)).toEqual(['opened 1'])
  })
})
