const maxDepth = 8
const maxItems = 100
const maxText = 8000

// pino's own keys: a fact of that name would hide them.
const taken = new Set(['level', 'time', 'msg'])

type Redact = (text: string) => string

/**
 * Facts as plain data that any serialiser writes alike: every string redacted and cut, errors with their cause chain,
 * circles, depth and long lists bounded. Never throws.
 */
export function plainFacts(facts: object, redact: Redact): Record<string, unknown> {
  const plain = plainValue(facts, redact, [])
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) return { facts: plain }
  return facts instanceof Error ? { error: plain } : withoutTakenKeys(plain)
}

function withoutTakenKeys(plain: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(plain).map(([key, value]) => [taken.has(key) ? `${key}_` : key, value]),
  )
}

function plainValue(value: unknown, redact: Redact, above: readonly object[]): unknown {
  if (typeof value === 'string') return plainText(value, redact)
  if (typeof value === 'bigint' || typeof value === 'symbol') return plainText(String(value), redact)
  if (typeof value === 'function') return '[function]'
  if (typeof value !== 'object' || value === null) return value
  if (above.includes(value)) return '[circular]'
  if (above.length >= maxDepth) return '[too deep]'
  try {
    return plainObject(value, redact, [...above, value])
  } catch {
    return '[unreadable]'
  }
}

function plainObject(value: object, redact: Redact, above: readonly object[]): unknown {
  if (value instanceof Error) return plainError(value, redact, above)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (knowsItsJson(value)) return plainValue(value.toJSON(), redact, above)
  if (value instanceof Map)
    return plainEntries(
      [...value].map(([key, item]) => [String(key), item]),
      redact,
      above,
    )
  const items = value instanceof Set ? [...value] : value
  if (Array.isArray(items)) return plainList(items, redact, above)
  return plainEntries(Object.entries(items), redact, above)
}

function knowsItsJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function'
}

function plainError(error: Error, redact: Redact, above: readonly object[]): unknown {
  const standard: readonly (readonly [string, unknown])[] = [
    ['type', error.name],
    ['message', error.message],
    ['stack', error.stack],
    ['cause', error.cause],
  ]
  const own = Object.entries(error).filter(([key]) => !['name', 'message', 'stack', 'cause'].includes(key))
  return plainEntries(
    [...standard, ...own].filter(([, value]) => value !== undefined),
    redact,
    above,
  )
}

function plainList(items: readonly unknown[], redact: Redact, above: readonly object[]): unknown[] {
  const kept = items.slice(0, maxItems).map((item) => plainValue(item, redact, above))
  return items.length > maxItems ? [...kept, `[${items.length - maxItems} more]`] : kept
}

function plainEntries(
  entries: readonly (readonly [string, unknown])[],
  redact: Redact,
  above: readonly object[],
): object {
  return Object.fromEntries(
    entries.slice(0, maxItems).map(([key, value]) => [redact(key), plainValue(value, redact, above)]),
  )
}

// Redacted before it is cut: half a secret is one too.
function plainText(text: string, redact: Redact): string {
  const redacted = redact(text)
  return redacted.length > maxText ? `${redacted.slice(0, maxText)}[cut]` : redacted
}
