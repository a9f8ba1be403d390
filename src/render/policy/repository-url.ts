import { matchesGlob } from '../../preview/glob.ts'

/**
 * A repository URL in one spelling: scheme and host in lower case, without `.git` or a slash at the end,
 * `git@host:path` as `ssh://git@host/path`. Undefined for what is no plain URL (credentials, queries, `..`, escapes).
 */
export function normalUrl(text: string): string | undefined {
  if (/[\s\\%\u0000-\u001f\u007f?#]/.test(text)) return undefined
  const [, user, shortHost, shortPath] =
    /^([A-Za-z0-9_-]+@)?([A-Za-z0-9.-]+):(?!\/\/)([^@:]+)$/.exec(text) ?? []
  const full = shortHost === undefined ? text : `ssh://${user ?? ''}${shortHost}/${shortPath ?? ''}`
  const [, scheme, login = '', host, path = ''] =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(?:([^@/]*)@)?([^@/]+)?(\/[^@]*|)$/.exec(full) ?? []
  if (host === undefined && scheme !== 'file') return undefined
  if (login !== '' && (scheme !== 'ssh' || login.includes(':'))) return undefined
  if (path.split('/').some((segment) => segment === '..' || segment === '.')) return undefined
  const start = scheme === undefined ? '' : `${scheme.toLowerCase()}://`
  const end = path.replace(/\/+$/, '').replace(/\.git$/, '')
  return `${start}${login === '' ? '' : `${login}@`}${(host ?? '').toLowerCase()}${end}`
}

/** Whether a repository is among the allowed ones, which may be globs. */
export function isAllowedUrl(text: string, allowed: readonly string[]): boolean {
  const url = normalUrl(text)
  if (url === undefined) return false
  return allowed.some((pattern) => matchesUrl(pattern, url))
}

function matchesUrl(pattern: string, url: string): boolean {
  if (!/[*?]/.test(pattern)) return normalUrl(pattern) === url
  const [, scheme = '', host = '', path = ''] = /^([a-zA-Z0-9+.-]+:\/\/)?([^/]*)(.*)$/.exec(pattern) ?? []
  return matchesGlob(
    `${scheme.toLowerCase()}${host.toLowerCase()}${path.replace(/\/+$/, '').replace(/\.git$/, '')}`,
    url,
  )
}
