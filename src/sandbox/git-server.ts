import { execFile, spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readCgiAnswer } from './cgi-answer.ts'

export interface GitServerOptions {
  /** Directory of the bare repositories; `createRepository` adds to it. */
  readonly root: string
  /** 0 or absent: any free port. Always on 127.0.0.1. */
  readonly port?: number
  /** `PATH` for git itself. */
  readonly path: string
  /** Decides what becomes of a request before git sees it; absent: everything is served. */
  readonly guard?: (request: IncomingMessage) => GitServerVerdict | Promise<GitServerVerdict>
}

/** `serve-then-drop` lets git do its work and cuts the connection instead of answering. */
export type GitServerVerdict =
  | { readonly kind: 'serve' }
  | { readonly kind: 'serve-then-drop' }
  | { readonly kind: 'drop' }
  | {
      readonly kind: 'refuse'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }

export interface GitServer {
  /** For example `http://127.0.0.1:40123`, without a trailing slash. */
  readonly url: string
  /** Makes an empty bare repository that takes pushes, and gives its directory. */
  createRepository(name: string): Promise<string>
  close(): Promise<void>
}

/** A real smart-HTTP git server on 127.0.0.1: `git http-backend` behind node's HTTP server. */
export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  await mkdir(options.root, { recursive: true })
  const server = createServer((request, response) => {
    answer(options, request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    createRepository: (name) => createRepository(options, name),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

async function answer(
  options: GitServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const verdict = options.guard === undefined ? { kind: 'serve' as const } : await options.guard(request)
  switch (verdict.kind) {
    case 'drop':
      response.destroy()
      return
    case 'refuse':
      request.resume()
      response.writeHead(verdict.status, { ...verdict.headers }).end(verdict.body ?? '')
      return
    case 'serve':
      await serve(options, request, response)
      return
    case 'serve-then-drop':
      await serve(options, request, undefined)
      response.destroy()
  }
}

/** Without a response git does its work and its answer is thrown away. */
async function serve(
  options: GitServerOptions,
  request: IncomingMessage,
  response: ServerResponse | undefined,
): Promise<void> {
  const backend = spawn('git', ['http-backend'], {
    env: cgiEnvironment(request, options),
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = new Promise<void>((resolve, reject) => {
    backend.once('error', reject)
    backend.once('close', () => {
      resolve()
    })
  })
  backend.stdin.on('error', () => undefined)
  request.pipe(backend.stdin)
  await readCgiAnswer(backend.stdout, response)
  await ended
}

async function createRepository(options: GitServerOptions, name: string): Promise<string> {
  const directory = join(options.root, name)
  const git = (...args: string[]) =>
    promisify(execFile)('git', args, {
      env: { PATH: options.path, GIT_CONFIG_NOSYSTEM: '1', HOME: options.root },
    })
  await git('init', '--bare', '--quiet', '--initial-branch=main', '--', directory)
  for (const [key, value] of settings) await git('-C', directory, 'config', key, value)
  return directory
}

const settings = [
  ['http.receivepack', 'true'],
  ['uploadpack.allowFilter', 'true'],
  ['uploadpack.allowAnySHA1InWant', 'true'],
] as const

/** What `git http-backend` wants to know of a request, by the names of CGI (RFC 3875). */
function cgiEnvironment(
  request: IncomingMessage,
  options: { readonly root: string; readonly path: string },
): Record<string, string> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  return {
    PATH: options.path,
    HOME: options.root,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_PROJECT_ROOT: options.root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    REQUEST_METHOD: request.method ?? 'GET',
    REMOTE_ADDR: '127.0.0.1',
    REMOTE_USER: 'anybody',
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    ...header(request, 'content-length', 'CONTENT_LENGTH'),
    ...header(request, 'content-encoding', 'HTTP_CONTENT_ENCODING'),
    ...header(request, 'git-protocol', 'GIT_PROTOCOL'),
  }
}

function header(request: IncomingMessage, name: string, variable: string): Record<string, string> {
  const value = request.headers[name]
  return typeof value === 'string' ? { [variable]: value } : {}
}
