/**
 * Whether `text` matches `glob`: `*` within a path segment, `**` across segments, `?` one character, `{a,b}` one of these; all else is
 * literal. Unicode is compared in NFC, as people cannot see how a letter is put together.
 */
export function matchesGlob(glob: string, text: string): boolean {
  return compileGlob(glob)(text)
}

/** As `matchesGlob`, for many texts. A stranger's text costs time in proportion to its length: nothing is tried twice. */
export function compileGlob(glob: string): (text: string) => boolean {
  const alternatives = (expandBraces(glob) ?? [glob]).map((one) => compileOne(one.normalize('NFC')))
  return (text) => {
    const normal = text.normalize('NFC')
    return alternatives.some((matches) => matches(normal))
  }
}

/** The globs without braces that one with `{a,b}` stands for; null when a brace has no partner, or when there are too many. */
export function expandBraces(glob: string): readonly string[] | null {
  const open = glob.indexOf('{')
  if (open === -1) return glob.includes('}') ? null : [glob]
  const parts = partsInBraces(glob, open)
  if (parts === null || glob.slice(0, open).includes('}')) return null
  const rest = expandBraces(glob.slice(parts.end + 1))
  const inner = parts.texts.map(expandBraces)
  if (rest === null || inner.includes(null)) return null
  const all = inner.flatMap((ways) =>
    (ways ?? []).flatMap((way) => rest.map((end) => glob.slice(0, open) + way + end)),
  )
  return all.length > mostAlternatives ? null : all
}

const mostAlternatives = 100

/** What stands between the commas of the braces that open at `open`, and where they close. */
function partsInBraces(
  glob: string,
  open: number,
): { readonly texts: readonly string[]; readonly end: number } | null {
  const texts: string[] = []
  let depth = 0
  let start = open + 1
  for (let at = open; at < glob.length; at += 1) {
    const char = glob[at]
    if (char === '{') depth += 1
    if (char === '}') depth -= 1
    if (depth === 0 || (depth === 1 && char === ',')) {
      texts.push(glob.slice(start, at))
      start = at + 1
    }
    if (depth === 0) return { texts, end: at }
  }
  return null
}

function compileOne(glob: string): (text: string) => boolean {
  const steps = [...glob.matchAll(/\*\*\/?|[^]/gu)].flatMap(([part]) => stepsOf(part))
  return (text) => {
    let places = withSkips(steps, [0])
    for (const char of text) {
      const next = places.flatMap((place) => steps[place]?.onward(char).map((far) => place + far) ?? [])
      places = withSkips(steps, next)
    }
    return places.includes(steps.length)
  }
}

/** A piece of a glob. A text is read with a finger on each step that it may have come to. */
interface Step {
  /** How many steps further a character may lead: 0 stays here, an empty list is the end of this way. */
  readonly onward: (char: string) => readonly number[]
  /** How many steps further it leads when nothing stands in its place; null: something must. */
  readonly skips: number | null
}

const anything: Step = { onward: () => [0], skips: 1 }
const inSegment: Step = { onward: (char) => (char === '/' ? [] : [0]), skips: 1 }
const oneInSegment: Step = { onward: (char) => (char === '/' ? [] : [1]), skips: null }
/** Once something stands there it must end in a slash: the second step waits for it. */
const folders: readonly Step[] = [
  { onward: (char) => (char === '/' ? [1, 2] : [1]), skips: 2 },
  { onward: (char) => (char === '/' ? [0, 1] : [0]), skips: null },
]

function stepsOf(part: string): readonly Step[] {
  if (part === '**/') return folders
  if (part === '**') return [anything]
  if (part === '*') return [inSegment]
  if (part === '?') return [oneInSegment]
  return [{ onward: (char) => (char === part ? [1] : []), skips: null }]
}

/** All places, each once, with those that are reached when steps are skipped. */
function withSkips(steps: readonly Step[], places: readonly number[]): readonly number[] {
  const reached = new Set(places)
  for (const place of reached) {
    const skips = steps[place]?.skips ?? null
    if (skips !== null) reached.add(place + skips)
  }
  return [...reached]
}
