import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { startHttpServer, type TestServer } from './http-server.ts'
import { digestOf } from './push-image.ts'
import { basicHeader, registryUser, type TokenServer } from './token-server.ts'

export interface StandInRegistry extends TestServer {
  /** Host and port. */
  readonly host: string
  /** For example `HEAD /v2/public/shop/manifests/1 Bearer`: the last word is how somebody was named. */
  readonly asked: string[]
  /** Answers in its place where it gives true. */
  instead: ((request: IncomingMessage, response: ServerResponse) => boolean) | null
  /** What it calls the place that gives tokens; null: the token server's own address. */
  realm: string | null
}

export type RegistryAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic' }
  | { readonly kind: 'token'; readonly server: TokenServer }

interface StoredManifest {
  readonly type: string
  readonly content: string
}

/** A registry that keeps what is pushed to it, as distribution's own answers. */
export async function startStandInRegistry(auth: RegistryAuth): Promise<StandInRegistry> {
  const repositories = new Map<string, Map<string, StoredManifest>>()
  const server = await startHttpServer((request, response) => {
    const { method = '', url = '', headers } = request
    registry.asked.push(`${method} ${url} ${headers.authorization?.split(' ')[0] ?? 'nobody'}`)
    if (registry.instead?.(request, response) === true) return
    response.setHeader('docker-distribution-api-version', 'registry/2.0')
    void answer(request, response)
  })
  const host = new URL(server.url).host
  const registry: StandInRegistry = { ...server, host, asked: [], instead: null, realm: null }
  return registry

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '', server.url)
    const [, repository = '', what = '', version = ''] =
      /^\/v2\/(.+)\/(manifests|blobs\/uploads)\/(.*)$/.exec(pathname) ?? []
    const action = request.method === 'HEAD' || request.method === 'GET' ? 'pull' : 'push'
    const challenge = challengeTo(request.headers.authorization, repository, action)
    if (challenge !== null) {
      response.setHeader('www-authenticate', challenge)
      problem(response, 401, 'UNAUTHORIZED')
      return
    }
    if (what === 'blobs/uploads') {
      response.setHeader('location', `${pathname}${request.method === 'POST' ? 'an-upload' : ''}`)
      return void response.writeHead(request.method === 'POST' ? 202 : 201).end()
    }
    if (repository === '') return void response.writeHead(200).end('{}')
    if (request.method === 'PUT') await keep(repository, version, request, response)
    else show(repositories.get(repository), version, response)
  }

  function challengeTo(
    header: string | undefined,
    repository: string,
    action: 'pull' | 'push',
  ): string | null {
    if (auth.kind === 'none') return null
    if (auth.kind === 'basic') return header === basicHeader(registryUser) ? null : 'Basic realm="a registry"'
    const token = header?.replace(/^Bearer /, '') ?? ''
    if (auth.server.allows(token, repository, action)) return null
    const realm = registry.realm ?? `${auth.server.url}/token`
    return `Bearer realm="${realm}",service="${auth.server.service}",scope="repository:${repository}:${action}"`
  }

  async function keep(
    repository: string,
    tag: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const manifest = { type: request.headers['content-type'] ?? '', content: await text(request) }
    const known = repositories.get(repository) ?? new Map<string, StoredManifest>()
    known.set(tag, manifest).set(digestOf(manifest.content), manifest)
    repositories.set(repository, known)
    response.writeHead(201).end()
  }
}

function show(
  known: ReadonlyMap<string, StoredManifest> | undefined,
  version: string,
  response: ServerResponse,
): void {
  if (known === undefined) return problem(response, 404, 'NAME_UNKNOWN')
  const found = known.get(version)
  if (found === undefined) return problem(response, 404, 'MANIFEST_UNKNOWN')
  response.setHeader('content-type', found.type)
  response.setHeader('content-length', Buffer.byteLength(found.content))
  response.setHeader('docker-content-digest', digestOf(found.content))
  response.end(found.content)
}

function problem(response: ServerResponse, status: number, code: string): void {
  response.setHeader('content-type', 'application/json')
  response.writeHead(status).end(JSON.stringify({ errors: [{ code, message: 'no' }] }))
}
