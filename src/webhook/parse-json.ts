const maxDepth = 64

export type Json =
  | { readonly kind: 'object'; readonly value: object }
  | { readonly kind: 'broken'; readonly error: string }

/** Parses UTF-8 JSON whose top is an object, at most 64 levels deep (a merge request event has about ten). */
export function parseJson(bytes: Uint8Array): Json {
  if (isDeeperThan(bytes, maxDepth)) return broken(`is nested more than ${maxDepth} levels deep`)
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return broken('is not a JSON object')
    return { kind: 'object', value }
  } catch {
    // The parser's own message quotes the body.
    return broken('is not valid JSON in UTF-8')
  }
}

function broken(what: string): Json {
  return { kind: 'broken', error: `The body ${what}.` }
}

const quote = 0x22
const backslash = 0x5c

// Counts brackets outside strings; exact for valid JSON, and harmless for the rest, which fails in the parser.
function isDeeperThan(bytes: Uint8Array, limit: number): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (inString) {
      if (byte === backslash) at += 1
      else if (byte === quote) inString = false
    } else if (byte === quote) inString = true
    else if (byte === 0x5b || byte === 0x7b) {
      depth += 1
      if (depth > limit) return true
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1
  }
  return false
}
