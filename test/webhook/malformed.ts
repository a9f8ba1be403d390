import { seededRandom } from '../support/seeded-random.ts'
import { deliveries, type Family } from './payloads.ts'

/** So many broken or odd bodies of one forge, the same ones every time. */
export function malformedBodies(family: Family, count: number, seed = 1): readonly Uint8Array[] {
  const random = seededRandom(seed)
  const originals = deliveries(family).map(({ body }) => body)
  return Array.from({ length: count }, () => {
    const body = pick(originals, random)
    return random() < 0.7
      ? Buffer.from(JSON.stringify(flipped(body, random)))
      : brokenText(JSON.stringify(body), random)
  })
}

const oddValues: readonly unknown[] = [
  null,
  [],
  {},
  '',
  0,
  -1,
  1.5,
  2 ** 53,
  1e300,
  true,
  false,
  'x'.repeat(5000),
  '../../etc/passwd',
  '__proto__',
  'acme/shop#1:2 3',
  '\u0000\u202e機能',
  [[[[]]]],
  { toString: 1 },
]

// One field anywhere, in each object on the way with some chance more, is another value, or gone.
function flipped(value: unknown, random: () => number): unknown {
  if (Array.isArray(value))
    return value.map((item: unknown) => (random() < 0.2 ? flipped(item, random) : item))
  if (typeof value !== 'object' || value === null) return random() < 0.5 ? pick(oddValues, random) : value
  const entries = Object.entries(value)
  if (entries.length === 0) return pick(oddValues, random)
  const chosen = pick(entries, random)[0]
  return Object.fromEntries(
    entries.flatMap(([key, item]) => {
      if (key !== chosen && random() < 0.9) return [[key, item]]
      if (random() < 0.1) return []
      return [[key, random() < 0.4 ? pick(oddValues, random) : flipped(item, random)]]
    }),
  )
}

function brokenText(text: string, random: () => number): Uint8Array {
  const bytes = Buffer.from(text)
  const at = Math.floor(random() * bytes.length)
  if (random() < 0.3) return bytes.subarray(0, at)
  if (random() < 0.3) return Buffer.concat([bytes.subarray(0, at), bytes])
  const changed = Buffer.from(bytes)
  for (let times = 0; times < 3; times += 1)
    changed[Math.floor(random() * changed.length)] = Math.floor(random() * 256)
  return changed
}

function pick<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}
