/** What a reference names, with the defaults of Docker filled in. */
export interface ImageReference {
  /** In small letters, as people write it: `docker.io`, `registry.acme.dev:5000`. */
  readonly host: string
  /** For example `library/nginx`. */
  readonly repository: string
  /** A tag or a digest: what stands at the end of the manifest's path. The digest counts where there are both. */
  readonly version: string
}

export type ParsedReference =
  | { readonly kind: 'reference'; readonly reference: ImageReference }
  /** Does not quote the text: somebody may have written a password into it. */
  | { readonly kind: 'invalid'; readonly why: string }

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const hostForm = new RegExp(`^(?:${label}(?:\\.${label})*|\\[[0-9a-f:.]+\\])(?::[0-9]{1,5})?$`)
const pathPart = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/
const tagForm = /^\w[\w.-]{0,127}$/
const digestForm = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/
const longestName = 255
/** Names of the same registry. */
const dockerHosts: readonly string[] = ['docker.io', 'index.docker.io', 'registry-1.docker.io']

/** Reads `[host/]path[:tag][@digest]` by the grammar of distribution/reference, and finds the host as Docker does. */
export function parseReference(text: string): ParsedReference {
  const [name = '', digest, ...more] = text.split('@')
  const [, path = '', tag] = /^(.*?)(?::([^:/]*))?$/s.exec(name) ?? []
  const { host, repository } = splitName(path)
  if (text.includes('://')) return invalid('it starts with a scheme: write it as host/path:tag')
  if (path === '' || path.length > longestName) return invalid(`a name has 1 to ${longestName} characters`)
  if (/^[a-f0-9]{64}$/.test(path)) return invalid('it looks like the id of an image')
  if (!hostForm.test(host)) return invalid('its host is none')
  if (!repository.split('/').every((part) => pathPart.test(part)))
    return invalid('its path has small letters, digits and single `.`, `_`, `-` between them, nothing else')
  if (tag !== undefined && !tagForm.test(tag))
    return invalid(
      'its tag has 1 to 128 letters, digits, `_`, `.` and `-`, and begins with none of the last two',
    )
  if (more.length > 0 || (digest !== undefined && !digestForm.test(digest)))
    return invalid('its digest is none: `sha256:` and 64 hexadecimal digits in small letters')
  return { kind: 'reference', reference: { host, repository, version: digest ?? tag ?? 'latest' } }
}

/** One name for one registry, however it is written. */
export function plainRegistryHost(host: string): string {
  const small = host.toLowerCase()
  return dockerHosts.includes(small) ? 'docker.io' : small
}

/** For messages; has one form for every way to write it. */
export function referenceText({ host, repository, version }: ImageReference): string {
  return `${host}/${repository}${version.includes(':') ? '@' : ':'}${version}`
}

function splitName(path: string): { readonly host: string; readonly repository: string } {
  const slash = path.indexOf('/')
  const first = path.slice(0, Math.max(slash, 0))
  const isHost = /[.:]/.test(first) || first === 'localhost'
  const host = isHost ? plainRegistryHost(first) : 'docker.io'
  const rest = isHost ? path.slice(slash + 1) : path
  return { host, repository: host === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest }
}

function invalid(what: string): ParsedReference {
  return { kind: 'invalid', why: `That is no reference of an image: ${what}.` }
}
