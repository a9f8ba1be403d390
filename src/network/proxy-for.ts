import { BlockList, isIP } from 'node:net'

/** Environment variables by name. */
export type NetworkEnvironment = Readonly<Record<string, string | undefined>>

const schemes = ['http:', 'https:']

/**
 * The proxy through which a URL is reached, or null: directly. The variables are those of curl and git (`HTTPS_PROXY`, `HTTP_PROXY`,
 * `ALL_PROXY`, `NO_PROXY`), small letters before capital ones, so that git and every call of an API go the same way.
 * @throws RangeError naming the variable that holds no proxy; its value is not repeated, because it may hold a password.
 */
export function proxyFor(variables: NetworkEnvironment, target: URL): URL | null {
  if (!schemes.includes(target.protocol) || isReachedDirectly(variables, target)) return null
  const names = [target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY', 'ALL_PROXY']
  const name = names.find((one) => valueOf(variables, one) !== undefined)
  const value = name === undefined ? '' : valueOf(variables, name)
  if (name === undefined || value === undefined || value === '') return null
  const proxy = proxyIn(value)
  if (proxy === null) throw new RangeError(`${name} holds no address of a proxy`)
  return proxy
}

/** The names of the variables that hold something else than a proxy. */
export function faultyProxies(variables: NetworkEnvironment): readonly string[] {
  return ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'].filter((name) => {
    const value = valueOf(variables, name) ?? ''
    return value !== '' && proxyIn(value) === null
  })
}

/** What no log may show. */
export function proxyPasswords(variables: NetworkEnvironment): readonly string[] {
  const values = Object.keys(variables).flatMap((name) =>
    /_proxy$/i.test(name) ? [variables[name] ?? ''] : [],
  )
  return values.map((value) => proxyIn(value)?.password ?? '').filter((password) => password !== '')
}

function valueOf(variables: NetworkEnvironment, name: string): string | undefined {
  return (variables[name.toLowerCase()] ?? variables[name])?.trim()
}

/** As curl does, `proxy.acme.dev:3128` is taken for one that is spoken to by http. Null: this is none. */
function proxyIn(value: string): URL | null {
  const text = value.includes('://') ? value : `http://${value}`
  return URL.canParse(text) && schemes.includes(new URL(text).protocol) ? new URL(text) : null
}

function isReachedDirectly(variables: NetworkEnvironment, target: URL): boolean {
  const host = plainHost(target.hostname)
  const port = target.port === '' ? { 'http:': '80', 'https:': '443' }[target.protocol] : target.port
  const entries = (valueOf(variables, 'NO_PROXY') ?? '').split(/[\s,]+/).filter((entry) => entry !== '')
  return entries.some((entry) => {
    const [, name = entry, only] = /^(\[[^\]]*\]|[^:]+):(\d+)$/.exec(entry) ?? []
    return (only === undefined || only === port) && covers(plainHost(name), host)
  })
}

/** A name stands for itself and all below it, an address for itself, a block for its addresses, `*` for everything. */
function covers(entry: string, host: string): boolean {
  if (entry === '*') return true
  if (isIP(host) !== 0) return coversAddress(entry, host)
  const name = entry.replace(/^\*?\.+/, '')
  return name !== '' && (host === name || host.endsWith(`.${name}`))
}

function coversAddress(entry: string, address: string): boolean {
  const [, start = entry, digits] = /^(.+)\/(\d{1,3})$/.exec(entry) ?? []
  const version = isIP(start)
  const whole = version === 4 ? 32 : 128
  const prefix = digits === undefined ? whole : Number(digits)
  if (version === 0 || prefix > whole) return false
  const block = new BlockList()
  block.addSubnet(start, prefix, version === 4 ? 'ipv4' : 'ipv6')
  return block.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
}

function plainHost(name: string): string {
  return name
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/(.)\.$/, '$1')
    .toLowerCase()
}
