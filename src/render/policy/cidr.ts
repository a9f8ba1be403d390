import { BlockList, isIP } from 'node:net'

/** A block of addresses: as it was written, and what counts of it. */
export interface Cidr {
  readonly address: string
  readonly family: 'ipv4' | 'ipv6'
  readonly prefix: number
}

/** Undefined when it is no block of addresses, for example `10.0.0.0/8` or `fd00::/8`. */
export function parseCidr(text: string): Cidr | undefined {
  const [, address = '', digits = ''] = /^([0-9A-Fa-f:.]+)\/([0-9]{1,3})$/.exec(text) ?? []
  const version = isIP(address)
  const prefix = Number(digits)
  if (version === 0 || prefix > (version === 4 ? 32 : 128)) return undefined
  return { address, family: version === 4 ? 'ipv4' : 'ipv6', prefix }
}

/** Whether `inner` is a part of `outer`, and not all of it. */
export function isStrictlyInside(inner: Cidr, outer: Cidr): boolean {
  // The list would take 10.0.0.1 for a part of ::ffff:10.0.0.0/104; an API server does not.
  if (inner.family !== outer.family || inner.prefix <= outer.prefix) return false
  const block = new BlockList()
  block.addSubnet(outer.address, outer.prefix, outer.family)
  return block.check(inner.address, inner.family)
}
