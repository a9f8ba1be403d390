import type { Fetch } from '../../network/create-fetch.ts'
import { authorizationHeader, type GitCredentials } from './git-environment.ts'

/** https://git-scm.com/docs/http-protocol#_discovering_references */
const discovery = '/info/refs?service=git-upload-pack'

const WITHIN_MS = 10_000

/**
 * Where the server says that a repository lives now; null when it does not say. Git itself keeps it to itself, because Mayfly follows no
 * redirect with its credentials: whether that is the right place is for a human to say.
 */
export async function redirectTarget(
  fetch: Fetch,
  url: string,
  credentials: GitCredentials | null,
): Promise<string | null> {
  if (!/^https?:/.test(url)) return null
  const asked = new URL(`${url.replace(/\/+$/, '')}${discovery}`)
  const request = { method: 'GET', redirect: 'manual', signal: AbortSignal.timeout(WITHIN_MS) } as const
  const answer = await fetch.send(asked, { ...request, headers: headersOf(credentials) }).catch(() => null)
  await answer?.body?.cancel()
  const location = answer?.headers.get('location') ?? ''
  return URL.canParse(location, asked.href) ? repositoryAt(new URL(location, asked)) : null
}

function headersOf(credentials: GitCredentials | null): Readonly<Record<string, string>> {
  const common = { 'user-agent': 'git/mayfly' }
  if (credentials === null) return common
  return { ...common, authorization: authorizationHeader(credentials).replace(/^Authorization: /, '') }
}

/** An address to write into a configuration: nothing of a login is in it. Null: this is no repository, for example a login page. */
function repositoryAt(target: URL): string | null {
  if (!/^https?:$/.test(target.protocol) || !target.pathname.endsWith('/info/refs')) return null
  return `${target.origin}${target.pathname.slice(0, -'/info/refs'.length)}`.slice(0, 300)
}
