/** A block of addresses: its bits as one number, how many there are, and how many of them count. */
export interface Cidr {
  readonly bits: bigint
  readonly size: 32 | 128
  readonly prefix: number
}

/** Undefined when it is no block of addresses, for example `10.0.0.0/8` or `fd00::/8`. */
export function parseCidr(asText: string): Cidr | undefined {
  const [, address = '', digits = ''] = /^([0-9A-Fa-f:.]+)\/([0-9]{1,3})$/.exec(asText) ?? []
  const parsed = address.includes(':') ? parseSix(address) : parseFour(address)
  const prefix = Number(digits)
  return parsed === undefined || prefix > parsed.size ? undefined : { ...parsed, prefix }
}

/** Whether `inner` is a part of `outer`, and not all of it. */
export function isStrictlyInside(inner: Cidr, outer: Cidr): boolean {
  const rest = BigInt(outer.size - outer.prefix)
  return inner.size === outer.size && inner.prefix > outer.prefix && inner.bits >> rest === outer.bits >> rest
}

type Address = Pick<Cidr, 'bits' | 'size'>

function parseFour(address: string): Address | undefined {
  const parts = address.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256))
    return undefined
  return { bits: parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n), size: 32 }
}

function parseSix(address: string): Address | undefined {
  // The URL parser knows every spelling, and writes them alike.
  if (!URL.canParse(`http://[${address}]/`)) return undefined
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::')
  const groups = (asText: string) => (asText === '' ? [] : asText.split(':'))
  const left = groups(head)
  const right = groups(tail ?? '')
  const all = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right]
  return { bits: all.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n), size: 128 }
}
