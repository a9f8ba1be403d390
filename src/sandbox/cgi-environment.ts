import type { IncomingMessage } from 'node:http'

/** What `git http-backend` wants to know of a request, by the names of CGI (RFC 3875). */
export function cgiEnvironment(
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
