import type { TemplateValue } from './template-value.ts'

/** A part of a scalar: the template's own text, or a value that stands where its token stood. */
export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly templateValue: TemplateValue; readonly token: string }

/** Values of one filling, by the tokens that hold their places. Tokens are words of letters and digits: inert in YAML. */
export interface Tokens {
  readonly marker: string
  readonly values: readonly TemplateValue[]
}

/** A word that the template does not contain, the same for the same template. */
export function chooseMarker(text: string): string {
  for (let attempt = 0; ; attempt += 1) {
    const marker = `MayflyToken${attempt}N`
    if (!text.includes(marker)) return marker
  }
}

export function token(marker: string, index: number): string {
  return `${marker}${index}E`
}

/** The text cut at its tokens; a text without any is one segment. */
export function segments(text: string, tokens: Tokens): readonly Segment[] {
  if (!text.includes(tokens.marker)) return [{ kind: 'text', text }]
  const found: Segment[] = []
  let end = 0
  for (const match of text.matchAll(new RegExp(`${tokens.marker}(\\d+)E`, 'g'))) {
    const templateValue = tokens.values[Number(match[1])]
    if (templateValue === undefined) continue
    if (match.index > end) found.push({ kind: 'text', text: text.slice(end, match.index) })
    found.push({ kind: 'value', templateValue, token: match[0] })
    end = match.index + match[0].length
  }
  if (end < text.length) found.push({ kind: 'text', text: text.slice(end) })
  return found
}
