import type { KubeConfig, RequestContext } from '@kubernetes/client-node'
import type { NetworkEnvironment } from '../../network/proxy-for.ts'
import type { Clock } from '../../pace/clock.ts'
import { RetryLater } from '../../preview/errors.ts'
import { type KubeconfigChoice, loadKubeconfig } from './load-kubeconfig.ts'

export interface ApiRequest {
  readonly method: 'GET' | 'PATCH'
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** A merge patch. */
  readonly patch?: unknown
  readonly signal: AbortSignal
}

export interface ApiResponse {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: AsyncIterable<Uint8Array>
}

/** HTTP to one API server, as the kubeconfig says. Throws `RetryLater` in words when no answer comes. */
export interface Transport {
  send(request: ApiRequest): Promise<ApiResponse>
  close(): Promise<void>
}

interface TransportParts {
  readonly clock: Clock
  readonly environment: NetworkEnvironment
}

type Dispatcher = NonNullable<ReturnType<RequestContext['getDispatcher']>>

interface Loaded {
  readonly config: KubeConfig
  /**
   * Keeps the connections: the client would make a new one for every request. Null: none is needed. One that is replaced ends
   * with its last connection, a few seconds after its last request.
   */
  readonly dispatcher: Dispatcher | null
  readonly loadedAtMs: number
}

/** Client certificates and tokens are renewed in place: the kubeconfig is read anew after so long, or when it is refused. */
const LOADED_FOR_MS = 10 * 60_000

export function createTransport(choice: KubeconfigChoice, parts: TransportParts): Transport {
  const { clock } = parts
  let loading: Promise<Loaded> | null = null

  async function loaded(): Promise<Loaded> {
    const before = loading
    const known = await before?.catch(() => null)
    if (known && clock.monotonicMs() - known.loadedAtMs < LOADED_FOR_MS) return known
    // Somebody else may have begun to load it meanwhile.
    if (loading === before) loading = load(choice, parts)
    return loading ?? load(choice, parts)
  }

  return {
    async send(request) {
      const { config, dispatcher } = await loaded()
      const answer = await exchange(config, dispatcher, request)
      if (answer.status === 401) loading = null
      return answer
    },
    async close() {
      const { dispatcher } = (await loading?.catch(() => null)) ?? { dispatcher: null }
      loading = null
      await dispatcher?.destroy()
    },
  }
}

async function load(choice: KubeconfigChoice, { clock, environment }: TransportParts): Promise<Loaded> {
  const config = await loadKubeconfig(choice, environment)
  const { RequestContext, HttpMethod } = await import('@kubernetes/client-node')
  const probe = new RequestContext('https://localhost/', HttpMethod.GET)
  await config.applySecurityAuthentication(probe).catch(cannotAuthenticate)
  return { config, dispatcher: probe.getDispatcher() ?? null, loadedAtMs: clock.monotonicMs() }
}

async function exchange(
  config: KubeConfig,
  dispatcher: Dispatcher | null,
  { method, path, query, patch, signal }: ApiRequest,
): Promise<ApiResponse> {
  const { RequestContext, HttpMethod, IsomorphicFetchHttpLibrary } = await import('@kubernetes/client-node')
  const url = new URL(`${config.getCurrentCluster()?.server ?? ''}${path}`)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  const context = new RequestContext(url.href, HttpMethod[method])
  context.setHeaderParam('Accept', 'application/json')
  context.setHeaderParam('User-Agent', 'mayfly')
  if (patch !== undefined) {
    // The client's own calls would send a JSON patch.
    context.setHeaderParam('Content-Type', 'application/merge-patch+json')
    context.setBody(JSON.stringify(patch))
  }
  context.setSignal(signal)
  await config.applySecurityAuthentication(context).catch(cannotAuthenticate)
  if (dispatcher !== null) context.setDispatcher(dispatcher)
  const answer = await new IsomorphicFetchHttpLibrary().send(context).toPromise().catch(noAnswer)
  return {
    status: answer.httpStatusCode,
    headers: answer.headers,
    body: answer.body.stream() ?? noBody(),
  }
}

async function* noBody(): AsyncGenerator<Uint8Array> {
  // Nothing comes.
}

function cannotAuthenticate(error: unknown): never {
  throw new RetryLater(`the kubeconfig's credentials cannot be used (${codeOf(error)})`, { cause: error })
}

function noAnswer(error: unknown): never {
  throw new RetryLater(`the API server does not answer (${codeOf(error)})`, { cause: error })
}

/** The innermost code, for example `ECONNREFUSED`: the messages around it say only that it failed. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure'
  if (error.cause instanceof Error) return codeOf(error.cause)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
