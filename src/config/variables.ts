/**
 * `${NAME}` is marked before the YAML is parsed, by characters that mean nothing to YAML and as many of them, so that
 * it may stand anywhere (`{ redis: ${REDIS_URL} }` would be no YAML) and lines and columns stay true. It is filled in
 * after parsing: a value can never become structure.
 */
const variable = /\$\$\{([A-Za-z_]\w*)\}|\$\$\{|\$\{([A-Za-z_]\w*)\}/g
const open = '\uE000\uE000'
const close = '\uE001'
const escapedOpen = '\uE002\uE002\uE002'
const escapedClose = '\uE003'
const marked = /\uE000\uE000(\w+)\uE001/g

/** The first character that would be mistaken for a mark, as an index; -1 when there is none. */
export function markIn(text: string): number {
  return text.search(/[\uE000-\uE003]/)
}

export function markVariables(text: string): string {
  return text.replaceAll(variable, (_, escaped: string | undefined, name: string | undefined) => {
    if (name !== undefined) return `${open}${name}${close}`
    return escaped === undefined ? escapedOpen : `${escapedOpen}${escaped}${escapedClose}`
  })
}

/** The text as it stands in the file. */
export function asWritten(text: string): string {
  return (
    text
      .replaceAll(marked, (_, name: string) => `\${${name}}`)
      // A replacement text has its own meaning for `$$`.
      .replaceAll(escapedOpen, () => '$${')
      .replaceAll(escapedClose, '}')
  )
}

/** The names in one scalar. */
export function variablesIn(text: string): readonly string[] {
  return [...text.matchAll(marked)].map(([, name]) => name ?? '')
}

/** Whether a `${` is left that is neither a variable nor escaped. */
export function hasBrokenVariable(text: string): boolean {
  return text.includes('${')
}

export function fillVariables(text: string, valueOf: (name: string) => string): string {
  return text
    .replaceAll(escapedOpen, '${')
    .replaceAll(escapedClose, '}')
    .replaceAll(marked, (_, name: string) => valueOf(name))
}
