/** How a registry wants to be told who asks (`WWW-Authenticate`, RFC 9110 11.6.1). */
export type AuthChallenge =
  | { readonly scheme: 'bearer'; readonly realm: string; readonly service: string | null }
  | { readonly scheme: 'basic' }

type Parameters = ReadonlyMap<string, string>

const longest = 8192
const token = "[\\w!#$%&'*+.^`|~-]+"
/** A parameter, or a scheme with the token68 that some have. */
const piece = new RegExp(
  `[\\s,]*(?:(${token})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"]+))|(${token})(?=[\\s,]|$)(?:\\s+[\\w.~+/-]+=*(?=\\s*(?:,|$)))?)`,
  'y',
)

/** The challenge that is answered: a token before a password. Null: there is none that Mayfly understands. */
export function readChallenge(header: string | null): AuthChallenge | null {
  const all = header === null || header.length > longest ? [] : challengesIn(header)
  for (const { scheme, parameters } of all) {
    const realm = parameters.get('realm')
    if (scheme === 'bearer' && realm !== undefined)
      return { scheme, realm, service: parameters.get('service') ?? null }
  }
  return all.some(({ scheme }) => scheme === 'basic') ? { scheme: 'basic' } : null
}

/** None where a part cannot be read: half a challenge might lead elsewhere than the whole one. */
function challengesIn(
  header: string,
): readonly { readonly scheme: string; readonly parameters: Parameters }[] {
  const found: { scheme: string; parameters: Map<string, string> }[] = []
  const text = header.replace(/[\s,]+$/, '')
  piece.lastIndex = 0
  while (piece.lastIndex < text.length) {
    const match = piece.exec(text)
    if (match === null) return []
    const [, name, quoted, plain, scheme] = match
    if (scheme !== undefined) found.push({ scheme: scheme.toLowerCase(), parameters: new Map() })
    else if (name !== undefined)
      found.at(-1)?.parameters.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '')
  }
  return found
}
