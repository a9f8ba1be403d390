import { proxyFor } from '../../network/proxy-for.ts'

/** What git may know of the world; nothing else of this process's environment reaches it. */
const inherited = [
  'PATH',
  'HOME',
  'TMPDIR',
  'SSH_AUTH_SOCK',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
] as const

const fixed = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ALLOW_PROTOCOL: 'https:http:ssh:file',
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C',
}

/** The clone is disposable and only ever ours: no housekeeping, no flushing to disk, one thread. */
const settings: Readonly<Record<string, string>> = {
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'core.hooksPath': '/dev/null',
  'core.fsync': 'none',
  'core.compression': '1',
  'credential.helper': '',
  'fastimport.unpackLimit': '1',
  'fetch.negotiationAlgorithm': 'default',
  'http.followRedirects': 'false',
  'http.postBuffer': '16777216',
  'pack.threads': '1',
  'protocol.version': '2',
  'push.negotiate': 'false',
  'submodule.recurse': 'false',
}

export interface GitCredentials {
  readonly username: string
  readonly token: string
}

export interface GitEnvironmentInput {
  /** `PATH` and the like; everything that git has no use for is left out. */
  readonly base: Readonly<Record<string, string | undefined>>
  readonly url: string
  readonly credentials: GitCredentials | null
  /** Path of a private key; null: the ssh agent. */
  readonly sshKey: string | null
  /** A server that says nothing ends git and its helpers from inside before this is over: nobody else could end them all. */
  readonly timeoutMs: number
  /** A file of all authorities that are trusted; null: git's own. */
  readonly authorities?: string | null
  readonly settings?: Readonly<Record<string, string>>
}

/** Credentials travel as a header by environment, for this URL only: in no argv, URL or file. */
export function gitEnvironment(input: GitEnvironmentInput): Record<string, string> {
  const all = { ...settings, ...input.settings, ...authorization(input), ...network(input) }
  const config = Object.entries(all).flatMap(([key, value], index): [string, string][] => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ])
  return {
    ...Object.fromEntries(inherited.flatMap((name) => entry(name, input.base[name]))),
    ...fixed,
    GIT_HTTP_LOW_SPEED_LIMIT: '1',
    GIT_HTTP_LOW_SPEED_TIME: String(silenceSeconds(input.timeoutMs)),
    GIT_SSH_COMMAND: sshCommand(input.sshKey, silenceSeconds(input.timeoutMs)),
    GIT_CONFIG_COUNT: String(config.length / 2),
    ...Object.fromEntries(config),
  }
}

/** As it stands in the environment: to be kept out of error messages. */
export function authorizationHeader({ username, token }: GitCredentials): string {
  return `Authorization: Basic ${Buffer.from(`${username}:${token}`).toString('base64')}`
}

function authorization({ url, credentials }: GitEnvironmentInput): Record<string, string> {
  if (credentials === null || !/^https?:/.test(url)) return {}
  return { [`http.${url}.extraHeader`]: authorizationHeader(credentials) }
}

/** Decided here, once for git and every API: git would read the variables a little differently. */
function network({ base, url, authorities = null }: GitEnvironmentInput): Record<string, string> {
  const proxy = URL.canParse(url) ? proxyFor(base, new URL(url)) : null
  return {
    'http.proxy': proxy?.href ?? '',
    // At once and in plain, as the calls of the APIs log in there.
    'http.proxyAuthMethod': 'basic',
    ...(authorities === null ? {} : { 'http.sslCAInfo': authorities }),
  }
}

/** In whole seconds, at least one, and well before time is up. */
function silenceSeconds(timeoutMs: number): number {
  return Math.max(1, Math.floor((timeoutMs * 0.8) / 1000))
}

function sshCommand(key: string | null, silentFor: number): string {
  const alive = `-o ServerAliveInterval=${Math.max(1, Math.floor(silentFor / 3))} -o ServerAliveCountMax=3`
  const options = `ssh -o BatchMode=yes -o ConnectTimeout=15 ${alive}`
  if (key === null) return options
  return `${options} -o IdentitiesOnly=yes -i '${key.replaceAll("'", `'\\''`)}'`
}

function entry(name: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[name, value]]
}
