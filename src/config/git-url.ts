/** The URL of a Git repository, taken apart. `host` is empty for file. */
export interface GitUrl {
  readonly scheme: 'https' | 'http' | 'ssh' | 'file'
  readonly host: string
  /** A password, or over http(s) any user at all. */
  readonly hasCredentials: boolean
}

/** Understands `https`, `http`, `ssh`, `file` URLs and ssh's `user@host:path`; undefined for everything else. */
export function parseGitUrl(text: string): GitUrl | undefined {
  if (/[\s\p{Cc}]/u.test(text)) return undefined
  const [, scpHost] = /^(?:[\w.-]+@)?([A-Za-z0-9][\w.-]*):(?!\/\/)[^-].*$/.exec(text) ?? []
  if (scpHost !== undefined && text.includes('@'))
    return { scheme: 'ssh', host: scpHost, hasCredentials: false }
  return URL.canParse(text) ? fromUrl(new URL(text)) : undefined
}

function fromUrl(url: URL): GitUrl | undefined {
  const { hostname: host, pathname, username, password, search, hash } = url
  if (pathname.length < 2 || search !== '' || hash !== '' || host.startsWith('-')) return undefined
  const common = { host, hasCredentials: password !== '' }
  if (url.protocol === 'file:') return host === '' ? { scheme: 'file', ...common } : undefined
  if (host === '') return undefined
  if (url.protocol === 'ssh:') return username.startsWith('-') ? undefined : { scheme: 'ssh', ...common }
  if (url.protocol === 'https:') return { scheme: 'https', host, hasCredentials: username + password !== '' }
  if (url.protocol === 'http:') return { scheme: 'http', host, hasCredentials: username + password !== '' }
  return undefined
}
