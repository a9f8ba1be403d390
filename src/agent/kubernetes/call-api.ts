import type { Clock } from '../../pace/clock.ts'
import { RetryLater, Stalled } from '../../preview/errors.ts'
import { statusSchema } from './schema.ts'
import { type ApiResponse, codeOf, type Transport } from './transport.ts'
import type { ObjectKind } from '../cluster.ts'
import { plainLine } from '../../preview/plain-line.ts'

/** A whole answer; `gone`: 410, what was asked for is too old to be told. */
export type ApiResult =
  | { readonly kind: 'found'; readonly value: unknown }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'gone' }

export interface ApiCall extends ApiOperation {
  readonly query?: Readonly<Record<string, string>>
  readonly patch?: unknown
}

export interface ApiParts {
  readonly transport: Transport
  readonly clock: Clock
  /** Longest wait for a whole answer. */
  readonly answerWithinMs: number
}

const MOST_BYTES = 64 * 1024 * 1024

/** One question with one whole answer, within a deadline. @throws RetryLater, Stalled */
export async function callApi(parts: ApiParts, question: ApiCall): Promise<ApiResult> {
  const { transport, clock, answerWithinMs } = parts
  return withinDeadline(clock, answerWithinMs, async (signal) => {
    const { kind, namespace, name, query = {}, patch } = question
    const answer = await transport.send({
      method: patch === undefined ? 'GET' : 'PATCH',
      path: apiPath(kind, namespace, name),
      query,
      ...(patch === undefined ? {} : { patch }),
      signal,
    })
    // To the end in any case: a body that nobody reads keeps its connection.
    const text = await readText(answer)
    if (answer.status === 404) return { kind: 'unknown' }
    if (answer.status === 410) return { kind: 'gone' }
    if (answer.status < 200 || answer.status > 299) throw apiErrorOf(question, answer, text)
    return { kind: 'found', value: parseJson(text) }
  })
}

/** The refusal that a bad status means; `text` is its body. */
export function apiErrorOf(asked: ApiOperation, answer: ApiResponse, text: string): RetryLater | Stalled {
  const said = statusSchema.safeParse(textOrNull(text))
  const seconds = /^\d{1,5}$/.exec(answer.headers['retry-after'] ?? '')?.[0]
  return apiError(asked, {
    status: answer.status,
    words: said.data?.message ?? '',
    retryAfterMs: seconds === undefined ? null : Number(seconds) * 1000,
  })
}

/** The body as text, read no further than a bound. */
export async function readText({ body }: ApiResponse): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > MOST_BYTES)
      throw new RetryLater(`an answer of the API server is larger than ${MOST_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function withinDeadline<T>(
  clock: Clock,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const done = new AbortController()
  clock.sleep(ms, done.signal).then(
    () => late.abort(),
    () => undefined,
  )
  try {
    return await work(late.signal)
  } catch (error) {
    if (late.signal.aborted)
      throw new RetryLater(`the API server did not answer within ${ms} ms`, { cause: error })
    throw knownError(error)
  } finally {
    done.abort()
  }
}

/** A connection that is cut in the middle of an answer is no answer. */
function knownError(error: unknown): Error {
  if (error instanceof RetryLater || error instanceof Stalled) return error
  return new RetryLater(`the API server's answer broke off (${codeOf(error)})`, { cause: error })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new RetryLater('the API server answered with something that is no JSON', { cause: error })
  }
}

function textOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The path of all objects of a kind (`namespace` null: everywhere), or of one of them. */
export function apiPath({ api, plural }: ObjectKind, namespace: string | null, name?: string): string {
  const group = api.includes('/') ? `/apis/${api}` : `/api/${api}`
  const place = namespace === null ? '' : `/namespaces/${encodeURIComponent(namespace)}`
  return `${group}${place}/${plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`
}

/** What was asked for, as an RBAC rule would grant it. */
interface ApiOperation {
  readonly verb: 'list' | 'watch' | 'get' | 'patch'
  readonly kind: ObjectKind
  readonly namespace: string | null
  readonly name?: string
}

/** An answer that is no success, as the error that the loop must have. */
function apiError(
  asked: ApiOperation,
  answer: { readonly status: number; readonly words: string; readonly retryAfterMs: number | null },
): RetryLater | Stalled {
  const { status, retryAfterMs } = answer
  const words = plainLine(answer.words, 200)
  if (status === 403) {
    const right = rightOf(asked)
    return new Stalled(`the cluster does not let Mayfly ${right}: give its account that right`, { right })
  }
  if (status === 401)
    return new Stalled('the API server does not take our credentials: renew them in the kubeconfig', {
      right: 'be known to the API server',
    })
  const said = words === '' ? '' : `: ${words}`
  return new RetryLater(
    `the API server answered ${status} to ${rightOf(asked)}${said}`,
    retryAfterMs === null ? {} : { retryAfterMs },
  )
}

/** For example `list applications.argoproj.io in namespace argocd`. */
function rightOf({ verb, kind, namespace, name }: ApiOperation): string {
  const group = kind.api.includes('/') ? `.${kind.api.slice(0, kind.api.indexOf('/'))}` : ''
  const one = name === undefined ? '' : ` called ${name}`
  return `${verb} ${kind.plural}${group}${one}${placeOf(kind, namespace)}`
}

function placeOf({ kind }: ObjectKind, namespace: string | null): string {
  if (kind === 'Namespace') return ''
  return namespace === null ? ' in all namespaces' : ` in namespace ${namespace}`
}
