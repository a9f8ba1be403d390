import { connect, type Socket } from 'node:net'
import { Router } from 'express'
import { describe, expect, it } from 'vitest'
import { ask } from '../support/http-post.ts'
import { proofHeaders } from '../support/sign-webhook.ts'
import { deliver, openDoor, webhookKey } from './open-door.ts'

describe('probes', () => {
  it('/healthz is 200 even when nothing is ready', async () => {
    const door = await openDoor({}, { readiness: [() => Promise.resolve(['The queue is away.'])] })
    expect((await ask(`${door.url}/healthz`)).status).toBe(200)
  })

  it('/readyz gathers the reasons of all checks', async () => {
    const ready = await openDoor()
    expect(JSON.parse((await ask(`${ready.url}/readyz`)).text)).toEqual({
      ready: true,
      reasons: [],
      warnings: [],
    })
    const reasons = [['The queue is away.'], [], ['No sweep was complete yet.']]
    const door = await openDoor({}, { readiness: reasons.map((each) => () => Promise.resolve(each)) })
    const answer = await ask(`${door.url}/readyz`)
    expect(answer.status).toBe(503)
    expect(JSON.parse(answer.text)).toEqual({
      ready: false,
      reasons: ['The queue is away.', 'No sweep was complete yet.'],
      warnings: [],
    })
  })

  it('/readyz tells warnings and stays 200: a pod without its webhooks would help nobody', async () => {
    const warnings = ['github may not be commented on.']
    const door = await openDoor({}, { warnings: () => warnings })
    const answer = await ask(`${door.url}/readyz`)
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { ready: true, reasons: [], warnings }])
  })

  it('/readyz is 503 without the details when a check throws', async () => {
    const door = await openDoor(
      {},
      { readiness: [() => Promise.reject(new Error('redis://:hunter2@redis is away'))] },
    )
    const answer = await ask(`${door.url}/readyz`)
    expect([answer.status, answer.text.includes('redis')]).toEqual([503, false])
    expect(door.logged.join('')).not.toContain('hunter2')
  })
})

describe('metrics', () => {
  it('are on the main port, in the Prometheus text format', async () => {
    const door = await openDoor()
    const answer = await ask(door.metricsUrl)
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(answer.text).toContain('# TYPE mayfly_webhooks_total counter')
    expect(door.metricsUrl).toBe(`${door.url}/metrics`)
  })

  it('are on a port of their own when one is configured, and only there', async () => {
    const door = await openDoor({}, { metricsPort: 0 })
    expect((await ask(door.metricsUrl)).status).toBe(200)
    expect(door.metricsUrl.startsWith(door.url)).toBe(false)
    expect((await ask(`${door.url}/metrics`)).status).toBe(404)
    expect((await ask(door.metricsUrl.replace('/metrics', '/healthz'))).status).toBe(404)
  })
})

describe('everything else', () => {
  it('is 404 in JSON, without telling what runs here', async () => {
    const door = await openDoor()
    for (const path of [
      '/',
      '/index.html',
      '/webhooks',
      '/webhooks/github/x',
      '/api',
      '/metrics/x',
      '/.env',
    ]) {
      const answer = await ask(`${door.url}${path}`)
      expect([path, answer.status, Object.keys(JSON.parse(answer.text) as object)]).toEqual([
        path,
        404,
        ['error'],
      ])
      expect(answer.headers['x-powered-by']).toBeUndefined()
      expect(answer.headers['x-content-type-options']).toBe('nosniff')
    }
  })

  it('an odd path is 400 in JSON', async () => {
    const door = await openDoor()
    const answer = await ask(`${door.url}/api/previews/%E0%A4%A`)
    expect([answer.status, JSON.parse(answer.text)]).toEqual([400, { error: 'The request is malformed.' }])
  })

  it('an unforeseen error is 500 without the error, and in the log', async () => {
    const webhooks = Router().get('/boom', () => {
      throw new Error(`lost ${webhookKey}`)
    })
    const door = await openDoor({}, { webhooks })
    const answer = await ask(`${door.url}/boom`)
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      500,
      { error: 'Something went wrong here: the log says what.' },
    ])
    expect(door.logged.join('')).toContain('a request failed in an unforeseen way')
    expect(door.logged.join('')).not.toContain(webhookKey)
  })

  it('says so when the port is taken', async () => {
    const door = await openDoor()
    await expect(openDoor({}, { port: Number(new URL(door.url).port) })).rejects.toThrow('is taken')
    await expect(openDoor({}, { metricsPort: Number(new URL(door.url).port) })).rejects.toThrow('is taken')
  })
})

describe('slow and endless senders', () => {
  const requestTimeoutMs = 200
  const start = 'POST /webhooks/github HTTP/1.1\r\nHost: mayfly\r\nContent-Type: application/json\r\n'

  it('200 sockets that never finish their headers, or their body, are cut; others are served meanwhile', async () => {
    const door = await openDoor({}, { requestTimeoutMs })
    const heads = [
      'POST /webhooks/github HT',
      start,
      `${start}Content-Length: 100\r\n\r\n{"a"`,
      `${start}Transfer-Encoding: chunked\r\n\r\n4\r\n{"a"`,
    ]
    const sockets = Array.from({ length: 200 }, (_, at) => send(door.url, heads[at % heads.length] ?? ''))
    expect((await deliver(door, 'github')).status).toBe(202)
    await Promise.all(sockets.map((socket) => closed(socket)))
    expect((await deliver(door, 'github')).status).toBe(202)
    expect(door.taken.length).toBe(2)
  })

  it('an endless body gets 413 and is cut', async () => {
    const door = await openDoor({ maxBody: 10_000 }, { requestTimeoutMs })
    const socket = send(door.url, `${start}Transfer-Encoding: chunked\r\n\r\n`)
    const answer = firstText(socket)
    const dripping = setInterval(() => socket.write(`400\r\n${'x'.repeat(1024)}\r\n`), 2)
    expect(await answer).toMatch(/^HTTP\/1\.1 413 /)
    await closed(socket)
    clearInterval(dripping)
    expect(door.answers).toEqual(['github too-large'])
  })

  it('a sender that goes away in the middle leaves nothing behind', async () => {
    const door = await openDoor()
    const socket = send(door.url, `${start}Content-Length: 100\r\n\r\n{"a"`)
    await new Promise((resolve) => socket.once('connect', resolve))
    socket.destroy()
    await closed(socket)
    expect((await deliver(door, 'github')).status).toBe(202)
    expect(door.taken.length).toBe(1)
  })

  it('two conflicting lengths are refused', async () => {
    const door = await openDoor()
    const socket = send(door.url, `${start}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)
    expect(await firstText(socket)).toMatch(/^HTTP\/1\.1 400 /)
    await closed(socket)
  })
})

describe('close', () => {
  it('lets a running request end, and takes no new one', async () => {
    let release: () => void = () => undefined
    const running = new Promise<void>((resolve) => {
      release = resolve
    })
    const asked = Promise.withResolvers<undefined>()
    const door = await openDoor({
      enqueue: () => {
        asked.resolve(undefined)
        return running
      },
    })
    const answer = deliver(door, 'github')
    await asked.promise
    const closing = door.close(10_000)
    await expect(ask(`${door.url}/healthz`)).rejects.toThrow('ECONNREFUSED')
    release()
    expect((await answer).status).toBe(202)
    await closing
  })

  it('cuts what is left at the deadline', async () => {
    const body = '{}'
    const door = await openDoor({ enqueue: () => new Promise(() => undefined) })
    const answer = deliver(door, 'github').catch((error: unknown) => error)
    await ask(`${door.url}/webhooks/github`, {
      method: 'POST',
      body,
      headers: proofHeaders('github', webhookKey, body, new Date()),
    })
    await door.close(50)
    expect(await answer).toBeInstanceOf(Error)
  })
})

function send(url: string, text: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => undefined)
  // At once, and not when it is connected: what a test writes afterwards must come after it.
  socket.write(text)
  return socket
}

function firstText(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('data', (data) => {
      resolve(data.toString())
    })
  })
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve()
    socket.once('close', () => {
      resolve()
    })
    socket.resume()
  })
}
