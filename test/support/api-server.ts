import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ObjectKind } from '../../src/agent/cluster.ts'
import { startHttpServer } from './http-server.ts'

/** An object as the stand-in keeps it. */
export interface StoredObject {
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly resourceVersion?: string
  }
  readonly [field: string]: unknown
}

interface Change {
  readonly version: number
  readonly plural: string
  readonly before: StoredObject | null
  readonly after: StoredObject | null
}

interface Stream {
  readonly question: Question
  readonly response: ServerResponse
  /** When the server ends it. */
  readonly timer: NodeJS.Timeout
}

interface Question {
  readonly kind: ObjectKind
  readonly namespace: string | null
  readonly name: string | null
  readonly query: URLSearchParams
}

/** An answer that comes instead of the right one: a status, a broken body, or none at all. */
export type Fault =
  | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }
  | 'cut'
  | 'silence'

/** What a request is, for faults and counts. */
export interface Seen {
  readonly verb: 'list' | 'watch' | 'get' | 'patch'
  readonly plural: string
  readonly namespace: string | null
  readonly query: Readonly<Record<string, string>>
}

const TOKEN = 'a-token-of-the-stand-in'

export type ApiServer = Awaited<ReturnType<typeof startApiServer>>

/**
 * A stand-in for a kube-apiserver: stateful, strict about paths, parameters and content types, with versions, pages, watches
 * and bookmarks as the real one has them. Lists leave out what an item is, as the real one does.
 */
export async function startApiServer(kinds: readonly ObjectKind[]) {
  const known = [...kinds]
  const objects = new Map<string, StoredObject>()
  const changes: Change[] = []
  const streams = new Set<Stream>()
  const pages = new Map<string, readonly StoredObject[]>()
  const seen: Seen[] = []
  const faults: { readonly when: (seen: Seen) => boolean; readonly fault: Fault; times: number }[] = []
  const state = { version: 100, oldest: 100, token: TOKEN }

  function put(plural: string, object: StoredObject): StoredObject {
    const key = keyOf(plural, object.metadata)
    state.version += 1
    const before = objects.get(key) ?? null
    const after = { ...object, metadata: { ...object.metadata, resourceVersion: String(state.version) } }
    objects.set(key, after)
    record({ version: state.version, plural, before, after })
    return after
  }

  function record(change: Change): void {
    changes.push(change)
    for (const stream of streams) tell(stream, change)
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const question = understand(known, request)
    if (request.headers.authorization !== `Bearer ${state.token}`) {
      sendStatus(response, 401, 'Unauthorized')
      return
    }
    if (question === null) {
      sendStatus(response, 404, 'the server could not find the requested resource')
      return
    }
    const verb = verbOf(request, question)
    const { kind, namespace, query } = question
    const now = { verb, plural: kind.plural, namespace, query: Object.fromEntries(query) }
    seen.push(now)
    const planned = faults.find((one) => one.times > 0 && one.when(now))
    if (planned !== undefined) {
      planned.times -= 1
      sendFault(response, planned.fault)
      return
    }
    if (verb === 'patch') void patch(request, response, question)
    else if (verb === 'get') sendFound(response, objects.get(keyOf(kind.plural, placeOf(question))))
    else if (verb === 'watch') watch(response, question)
    else list(response, question)
  }

  function list(response: ServerResponse, question: Question): void {
    if (!allowed(response, question.query, ['limit', 'continue', 'labelSelector'])) return
    const token = question.query.get('continue')
    const rest = token === null ? matching(question) : pages.get(token)
    if (rest === undefined) {
      sendStatus(response, 410, 'The provided continue parameter is too old')
      return
    }
    const limit = Number(question.query.get('limit') ?? rest.length)
    const next = rest.length > limit ? `page-${pages.size + 1}` : ''
    if (next !== '') pages.set(next, rest.slice(limit))
    const metadata = { resourceVersion: String(state.version), ...(next === '' ? {} : { continue: next }) }
    const items = rest.slice(0, limit).map(({ apiVersion: _api, kind: _kind, ...item }) => item)
    send(response, 200, { kind: `${question.kind.kind}List`, apiVersion: question.kind.api, metadata, items })
  }

  function matching(question: Question): readonly StoredObject[] {
    return [...objects]
      .filter(([key]) => key.startsWith(`${question.kind.plural} `))
      .map(([, object]) => object)
      .filter((object) => isMatch(question, object))
  }

  function watch(response: ServerResponse, question: Question): void {
    const known = ['watch', 'resourceVersion', 'allowWatchBookmarks', 'timeoutSeconds', 'labelSelector']
    if (!allowed(response, question.query, known)) return
    const from = Number(question.query.get('resourceVersion') ?? Number.NaN)
    if (!(from >= state.oldest)) {
      sendStatus(response, 410, 'too old resource version')
      return
    }
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
    const timer = setTimeout(() => response.end(), Number(question.query.get('timeoutSeconds')) * 1000)
    const stream = { question, response, timer }
    for (const change of changes) if (change.version > from) tell(stream, change)
    streams.add(stream)
    response.on('close', () => {
      clearTimeout(timer)
      streams.delete(stream)
    })
  }

  async function patch(
    request: IncomingMessage,
    response: ServerResponse,
    question: Question,
  ): Promise<void> {
    const chunks: Uint8Array[] = []
    for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk)
    if (request.headers['content-type'] !== 'application/merge-patch+json') {
      sendStatus(response, 415, 'the body of the request was in an unknown format')
      return
    }
    const object = objects.get(keyOf(question.kind.plural, placeOf(question)))
    const change: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    const merged = object === undefined ? undefined : (merge(object, change) as StoredObject)
    sendFound(response, merged === undefined ? undefined : put(question.kind.plural, merged))
  }

  const server = await startHttpServer(answer)
  const home = await mkdtemp(join(tmpdir(), 'mayfly-api-server-'))
  const kubeconfig = join(home, 'kubeconfig')
  await writeFile(kubeconfig, kubeconfigOf(server.url))

  return {
    url: server.url,
    /** Path of a file whose current context is this server; the context `elsewhere` is a port where nobody listens. */
    kubeconfig,
    token: TOKEN,
    /** Every request so far. */
    seen: seen as readonly Seen[],
    put,
    get: (plural: string, namespace: string | null, name: string) =>
      objects.get(keyOf(plural, { name, ...(namespace === null ? {} : { namespace }) })),
    remove(plural: string, namespace: string | null, name: string): void {
      const key = keyOf(plural, { name, ...(namespace === null ? {} : { namespace }) })
      const before = objects.get(key)
      if (before === undefined) throw new Error(`there is no ${key}`)
      objects.delete(key)
      state.version += 1
      record({ version: state.version, plural, before, after: null })
    },
    /** Answers the next `times` requests that `when` names with a fault. */
    fail(when: (seen: Seen) => boolean, fault: Fault, times = 1): void {
      faults.push({ when, fault, times })
    },
    heal(): void {
      faults.length = 0
    },
    /** As when a custom resource definition is installed. */
    install: (kind: ObjectKind) => void known.push(kind),
    changeToken(token: string): void {
      state.token = token
    },
    /** Forgets history and pages: watches and lists that would go on from before are told 410. */
    compact(): void {
      state.oldest = state.version + 1
      state.version += 1
      changes.length = 0
      pages.clear()
    },
    watches: () => streams.size,
    /** Tells every watch the newest version. */
    bookmark(): void {
      for (const { question, response } of streams) {
        const object = { kind: question.kind.kind, metadata: { resourceVersion: String(state.version) } }
        response.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`)
      }
    },
    /** Writes a line into every watch. */
    sendLine(line: string): void {
      for (const { response } of streams) response.write(line)
    },
    endWatches(): void {
      for (const { response } of streams) response.end()
      streams.clear()
    },
    cutWatches(): void {
      for (const { response } of streams) response.destroy()
    },
    /** Changes still happen, but the open watches are told nothing more, not even that they are over. */
    silenceWatches(): void {
      for (const { timer } of streams) clearTimeout(timer)
      streams.clear()
    },
    /** Another kubeconfig for this server. */
    async writeKubeconfig(text: string): Promise<string> {
      const path = join(home, `kubeconfig-${Math.random()}`)
      await writeFile(path, text)
      return path
    },
    async close(): Promise<void> {
      await server.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** A kubeconfig as people write it; `user` are more lines of the user. */
export function kubeconfigOf(url: string, user = `token: ${TOKEN}`): string {
  return `apiVersion: v1
kind: Config
current-context: here
clusters:
  - { name: here, cluster: { server: ${url}, insecure-skip-tls-verify: true } }
  - { name: elsewhere, cluster: { server: 'http://127.0.0.1:2', insecure-skip-tls-verify: true } }
contexts:
  - { name: here, context: { cluster: here, user: mayfly } }
  - { name: elsewhere, context: { cluster: elsewhere, user: mayfly } }
users:
  - name: mayfly
    user: { ${user} }
`
}

function understand(kinds: readonly ObjectKind[], request: IncomingMessage): Question | null {
  const url = new URL(request.url ?? '', 'http://stand-in')
  for (const kind of kinds) {
    const root = kind.api.includes('/') ? `/apis/${kind.api}` : `/api/${kind.api}`
    const pattern = new RegExp(`^${root}(?:/namespaces/([^/]+))?/${kind.plural}(?:/([^/]+))?$`)
    const [found, namespace, name] = pattern.exec(url.pathname) ?? []
    if (found === undefined) continue
    return { kind, namespace: namespace ?? null, name: name ?? null, query: url.searchParams }
  }
  return null
}

function verbOf(request: IncomingMessage, { name, query }: Question): Seen['verb'] {
  if (request.method === 'PATCH') return 'patch'
  if (name !== null) return 'get'
  return query.get('watch') === 'true' ? 'watch' : 'list'
}

function tell({ question, response }: Stream, { plural, before, after }: Change): void {
  if (plural !== question.kind.plural) return
  const was = before !== null && isMatch(question, before)
  const is = after !== null && isMatch(question, after)
  if (!was && !is) return
  // What no longer matches is gone for those who asked for what matches.
  const stillThere = was ? 'MODIFIED' : 'ADDED'
  const type = is ? stillThere : 'DELETED'
  const object = { apiVersion: question.kind.api, kind: question.kind.kind, ...(after ?? before) }
  response.write(`${JSON.stringify({ type, object })}\n`)
}

function isMatch({ namespace, query }: Question, { metadata }: StoredObject): boolean {
  if (namespace !== null && metadata.namespace !== namespace) return false
  const selector = query.get('labelSelector')
  if (selector === null) return true
  return selector.split(',').every((one) => {
    const [key = '', value = ''] = one.split('=')
    return metadata.labels?.[key] === value
  })
}

function allowed(response: ServerResponse, query: URLSearchParams, known: readonly string[]): boolean {
  const odd = [...query.keys()].filter((name) => !known.includes(name))
  if (odd.length > 0) sendStatus(response, 400, `unknown parameters: ${odd.join(', ')}`)
  return odd.length === 0
}

function placeOf({ namespace, name }: Question): StoredObject['metadata'] {
  return { name: name ?? '', ...(namespace === null ? {} : { namespace }) }
}

function keyOf(plural: string, { name, namespace = '' }: StoredObject['metadata']): string {
  return `${plural} ${namespace}/${name}`
}

/** RFC 7396. */
function merge(target: unknown, change: unknown): unknown {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return change
  const merged: Record<string, unknown> = typeof target === 'object' && target !== null ? { ...target } : {}
  for (const [key, value] of Object.entries(change)) {
    if (value === null) Reflect.deleteProperty(merged, key)
    else merged[key] = merge(merged[key], value)
  }
  return merged
}

function sendFault(response: ServerResponse, fault: Fault): void {
  if (fault === 'silence') return
  if (fault === 'cut') {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{"kind":')
    setImmediate(() => response.destroy())
    return
  }
  if (fault.body === undefined) sendStatus(response, fault.status, 'as the test wants it', fault.headers)
  else response.writeHead(fault.status, fault.headers).end(fault.body)
}

function sendFound(response: ServerResponse, object: StoredObject | undefined): void {
  if (object === undefined) sendStatus(response, 404, 'not found')
  else send(response, 200, object)
}

function sendStatus(
  response: ServerResponse,
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  send(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code }, headers)
}

function send(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
