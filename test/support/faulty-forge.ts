import type { IncomingMessage, ServerResponse } from 'node:http'
import { startHttpServer } from './http-server.ts'

/** What a forge, or the network before it, can do wrong. */
export const faults = [
  '500',
  '502 HTML',
  '503',
  '503 with Retry-After',
  'HTML with 200',
  'empty list with 200',
  'empty object with 200',
  'null with 200',
  'empty body with 200',
  'truncated JSON',
  'body cut short',
  'lost items',
  'no count',
  'count of another list',
  'hang',
  'reset',
  '301 elsewhere',
  '401',
  '403',
  '403 with Retry-After',
  '403 with spent budget',
  '429',
  '429 with Retry-After',
  '422 abuse',
  '404',
] as const
export type Fault = (typeof faults)[number]

export interface FaultRule {
  readonly fault: Fault | 'another merge request'
  /** Which requests it hits; every one unless said otherwise. */
  readonly when?: (request: ProxiedRequest) => boolean
  /** How many requests it hits before it is over; all unless said otherwise. */
  readonly times?: number
}

export interface ProxiedRequest {
  readonly method: string
  /** Below the API's base. */
  readonly path: string
  /** Of a list; null when no page is asked for. */
  readonly page: number | null
}

export interface FaultyForge {
  /** Stands for the forge behind it: same paths. */
  readonly url: string
  readonly requests: readonly ProxiedRequest[]
  /** Adds a fault; the first rule that fits a request strikes. */
  break(rule: FaultRule): void
  /** Does something once, right before a request that fits is passed on. */
  meanwhile(when: (request: ProxiedRequest) => boolean, act: () => void): void
  /** All is well again. */
  heal(): void
  close(): Promise<void>
}

/** A proxy before a forge that works, with faults that can be switched on per request. */
export async function startFaultyForge(target: string): Promise<FaultyForge> {
  const requests: ProxiedRequest[] = []
  const rules: (FaultRule & { left: number })[] = []
  const acts: { readonly when: (request: ProxiedRequest) => boolean; readonly act: () => void }[] = []

  function struck(request: ProxiedRequest): FaultRule['fault'] | null {
    const rule = rules.find(({ when, left }) => left > 0 && (when === undefined || when(request)))
    if (rule === undefined) return null
    rule.left -= 1
    return rule.fault
  }

  const server = await startHttpServer((request, response) => {
    const proxied = describeRequest(request)
    requests.push(proxied)
    const due = acts.findIndex(({ when }) => when(proxied))
    if (due >= 0) for (const { act } of acts.splice(due, 1)) act()
    const fault = struck(proxied)
    const done =
      fault === null ? forward(target, request, response) : strike(fault, target, request, response)
    done.catch(() => response.destroy())
  })
  return {
    url: server.url,
    requests,
    break(rule) {
      rules.push({ ...rule, left: rule.times ?? Number.POSITIVE_INFINITY })
    },
    meanwhile(when, act) {
      acts.push({ when, act })
    },
    heal() {
      rules.length = 0
      acts.length = 0
    },
    close: () => server.close(),
  }
}

function describeRequest(request: IncomingMessage): ProxiedRequest {
  const url = new URL(request.url ?? '/', 'http://proxy.invalid')
  const page = url.searchParams.get('page')
  return {
    method: request.method ?? 'GET',
    path: url.pathname.replace(/^\/api\/v\d+/, ''),
    page: page === null ? null : Number(page),
  }
}

interface Passed {
  readonly status: number
  readonly headers: Record<string, string>
  readonly text: string
}

async function pass(target: string, request: IncomingMessage): Promise<Passed> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  const answer = await fetch(`${target}${request.url ?? '/'}`, {
    method: request.method ?? 'GET',
    headers: { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' },
    redirect: 'manual',
    ...(body.length === 0 ? {} : { body }),
  })
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => keptHeaders.includes(name)))
  return { status: answer.status, headers, text: await answer.text() }
}

const keptHeaders: readonly string[] = [
  'content-type',
  'link',
  'location',
  'retry-after',
  'x-next-page',
  'x-total',
  'x-total-count',
]

async function forward(target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers, text } = await pass(target, request)
  response.writeHead(status, headers).end(text)
}

async function strike(
  fault: FaultRule['fault'],
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const say = (status: number, body: string, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  }
  const inSeconds = (seconds: number) => String(Math.round(Date.now() / 1000) + seconds)
  switch (fault) {
    case '500':
      say(500, '{"message":"boom"}')
      return
    case '502 HTML':
      say(502, '<html>bad gateway</html>', { 'content-type': 'text/html' })
      return
    case '503':
      say(503, '')
      return
    case '503 with Retry-After':
      say(503, '', { 'retry-after': '17' })
      return
    case 'HTML with 200':
      say(200, '<html>please log in</html>', { 'content-type': 'text/html' })
      return
    case 'empty list with 200':
      say(200, '[]')
      return
    case 'empty object with 200':
      say(200, '{}', { 'x-total-count': '0' })
      return
    case 'null with 200':
      say(200, 'null', { 'x-total-count': '0' })
      return
    case 'empty body with 200':
      say(200, '', { 'x-total-count': '0' })
      return
    case 'hang':
      return
    case 'reset':
      request.socket.destroy()
      return
    case '301 elsewhere':
      say(301, '', { location: 'https://elsewhere.example.com/api/v1/user' })
      return
    case '401':
      say(401, '{"message":"token expired"}')
      return
    case '403':
      say(403, '{"message":"forbidden"}')
      return
    case '403 with Retry-After':
      say(403, '{"message":"secondary limit"}', { 'retry-after': '17' })
      return
    case '403 with spent budget':
      say(403, '{}', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(17) })
      return
    case '429':
      say(429, '')
      return
    case '429 with Retry-After':
      say(429, '', { 'retry-after': '17' })
      return
    case '422 abuse':
      say(422, '{"message":"Validation Failed","errors":[{"code":"abuse"}]}')
      return
    case '404':
      say(404, '{"message":"not found"}')
      return
    case 'another merge request':
      await forward(target, Object.assign(request, { url: request.url?.replace(/\d+$/, '2') }), response)
      return
    case 'truncated JSON':
    case 'body cut short':
    case 'lost items':
    case 'no count':
    case 'count of another list':
      spoil(fault, await pass(target, request), response)
  }
}

type Spoiling = Extract<
  Fault,
  'truncated JSON' | 'body cut short' | 'lost items' | 'no count' | 'count of another list'
>

/** Faults that begin with the true answer. On an answer that is no list those of lists truncate it. */
function spoil(fault: Spoiling, passed: Passed, response: ServerResponse): void {
  const { status, headers, text } = passed
  const list = text.startsWith('[') ? (JSON.parse(text) as unknown[]) : null
  const half = text.slice(0, Math.floor(text.length / 2))
  if (fault === 'body cut short') {
    response.writeHead(status, { ...headers, 'content-length': String(text.length + 1) })
    response.write(half, () => response.destroy())
    return
  }
  if (fault === 'truncated JSON' || list === null) {
    response.writeHead(status, headers).end(half)
    return
  }
  const { 'x-total-count': count = '0', ...others } = headers
  if (fault === 'no count') response.writeHead(status, others).end(text)
  else if (fault === 'lost items') response.writeHead(status, headers).end(JSON.stringify(list.slice(1)))
  else response.writeHead(status, { ...headers, 'x-total-count': String(Number(count) + 1) }).end(text)
}
