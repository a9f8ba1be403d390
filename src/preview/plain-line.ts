/** Ends of lines, control characters, turns of the reading direction, the invisible, and what is no character at all. */
const hidden =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2028\u2029\u2800]+/gu

/** A stranger's text as one visible line of at most `most` UTF-16 units, without spaces at its ends; `…` marks a cut. */
export function plainLine(text: string, most: number): string {
  const line = text.replaceAll(hidden, ' ').replaceAll(/\s+/g, ' ').trim()
  if (line.length <= most) return line
  // Half of a pair is no character: a forge would keep another text than the one it was sent.
  return `${line.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`
}
