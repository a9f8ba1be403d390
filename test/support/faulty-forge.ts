import {
  request as ask,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http'
import { type Fault, strike, type TrueAnswer } from './faults.ts'
import { startHttpServer } from './http-server.ts'

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
  /** The tag of the answer that the asker has already; null: none. */
  readonly tag: string | null
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
    answer(struck(proxied), target, request, response).catch(() => response.destroy())
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

function describeRequest({ method = 'GET', url: text = '/', headers }: IncomingMessage): ProxiedRequest {
  const url = new URL(text, 'http://proxy.invalid')
  const page = url.searchParams.get('page')
  return {
    method,
    path: url.pathname.replace(/^\/api\/v\d+/, ''),
    page: page === null ? null : Number(page),
    tag: headers['if-none-match'] ?? null,
  }
}

async function answer(
  fault: FaultRule['fault'] | null,
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (fault === null || fault === 'another merge request') {
    const path = fault === null ? request.url : request.url?.replace(/\d+$/, '2')
    const { status, headers, text } = await pass(target, request, path, request.headers)
    response.writeHead(status, headers).end(text)
    return
  }
  // Only a whole answer can be spoilt.
  const { 'if-none-match': _tag, ...others } = request.headers
  await strike(fault, response, () => pass(target, request, request.url, others))
}

async function pass(
  target: string,
  request: IncomingMessage,
  path: string | undefined,
  { host: _host, connection: _connection, ...headers }: OutgoingHttpHeaders,
): Promise<TrueAnswer> {
  const passed = await new Promise<IncomingMessage>((resolve, reject) => {
    const onward = ask(`${target}${path ?? '/'}`, { method: request.method ?? 'GET', headers }, resolve)
    onward.once('error', reject)
    request.pipe(onward)
  })
  const chunks: Buffer[] = []
  for await (const chunk of passed as AsyncIterable<Buffer>) chunks.push(chunk)
  const kept = Object.entries(passed.headers).filter(([name]) => keptHeaders.includes(name))
  return {
    status: passed.statusCode ?? 502,
    headers: Object.fromEntries(kept) as Record<string, string>,
    text: Buffer.concat(chunks).toString('utf8'),
  }
}

const keptHeaders: readonly string[] = [
  'content-type',
  'etag',
  'link',
  'location',
  'retry-after',
  'x-next-page',
  'x-total',
  'x-total-count',
]
