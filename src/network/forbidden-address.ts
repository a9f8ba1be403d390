import { BlockList, isIP } from 'node:net'

/** Private ranges are where previews and registries often are; these never lead to one. RFC 6890, and what clouds answer credentials at. */
const forbidden: Readonly<Record<string, readonly string[]>> = {
  'the unspecified address': ['0.0.0.0/8', '::/128'],
  'a loopback address': ['127.0.0.0/8', '::1/128'],
  'an address that answers with the credentials of a machine': [
    '169.254.169.254/32',
    '169.254.170.2/32',
    '169.254.170.23/32',
    '100.100.100.200/32',
    '168.63.129.16/32',
    '192.0.0.192/32',
    'fd00:ec2::254/128',
    'fd00:ec2::23/128',
    'fd20:ce::254/128',
    'fd00:c1::a9fe:a9fe/128',
  ],
  'a link-local address': ['169.254.0.0/16', 'fe80::/10', 'fec0::/10'],
  'a multicast address': ['224.0.0.0/4', 'ff00::/8'],
  'a reserved address': ['192.0.0.0/24', '240.0.0.0/4', '::/96', '100::/64', '2001::/32', '64:ff9b:1::/48'],
}

const lists = Object.entries(forbidden).map(([what, ranges]) => ({ what, list: listOf(ranges) }))

/**
 * What makes `address` one that is never connected to, in words; null: nothing does. An IPv4 address that is written inside
 * an IPv6 one (mapped, NAT64, 6to4) is judged as what it leads to. Whatever is no plain address is refused.
 */
export function forbiddenAddress(address: string): string | null {
  const family = isIP(address)
  // An address with a zone leads to a link of this machine.
  if (family === 0 || address.includes('%')) return 'no plain address'
  if (family === 4) return found(address, 'ipv4')
  const inner = innerAddress(groupsOf(address))
  return inner === null ? found(address, 'ipv6') : found(inner, 'ipv4')
}

function found(address: string, family: 'ipv4' | 'ipv6'): string | null {
  return lists.find(({ list }) => list.check(address, family))?.what ?? null
}

/** `::ffff:a.b.c.d`, `64:ff9b::a.b.c.d` and `2002:a.b:c.d::`. */
function innerAddress(groups: readonly number[]): string | null {
  const [first = 0, second = 0, third = 0] = groups
  const middle = groups.slice(2, 6)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  const isTranslated = first === 0x64 && second === 0xff9b && middle.every((group) => group === 0)
  if (isMapped || isTranslated) return dotted(groups[6] ?? 0, groups[7] ?? 0)
  return first === 0x2002 ? dotted(second, third) : null
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/** The eight numbers of an IPv6 address. */
function groupsOf(address: string): readonly number[] {
  // The URL parser writes every spelling alike, without dots.
  const plain = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [head = '', tail] = plain.split('::')
  const numbers = (text: string) => (text === '' ? [] : text.split(':').map((group) => parseInt(group, 16)))
  const left = numbers(head)
  const right = tail === undefined ? [] : numbers(tail)
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right]
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [net = '', bits = ''] = range.split('/')
    list.addSubnet(net, Number(bits), net.includes(':') ? 'ipv6' : 'ipv4')
  }
  return list
}
