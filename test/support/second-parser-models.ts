/**
 * What Argo CD and Helm make of a parameter with `forceString`: Argo CD substitutes `$NAME`, escapes commas that no
 * backslash precedes unless the value is in braces (util/helm `cleanSetParameters`), Helm parses `name=value` (pkg/strvals).
 */
export function argoParameter(name: string, value: string): Record<string, unknown> {
  const substituted = value.replaceAll(/\$(\{[^}]*\}|\w+)/g, '')
  const isList = substituted.startsWith('{') && substituted.endsWith('}')
  const cleaned = isList ? substituted : substituted.replaceAll(/(?<!\\),/g, '\\,')
  return strvals(`${name}=${cleaned}`)
}

function strvals(text: string): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  let position = 0
  const readUntil = (stops: string): string => {
    let read = ''
    while (position < text.length && !stops.includes(text.charAt(position))) {
      if (text.charAt(position) === '\\') position += 1
      read += text.charAt(position)
      position += 1
    }
    position += 1
    return read
  }
  while (position < text.length) {
    const key = readUntil('=')
    if (text.charAt(position) === '{') {
      position += 1
      found[key] = readUntil('}').split(',')
      readUntil(',')
    } else found[key] = readUntil(',')
  }
  return found
}

/** Flux' `${NAME}` in the text of a manifest. */
export function envsubst(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}
