/** Levels of flow brackets, and indicators in one line (`- - -`, `a: a:`): no honest manifest comes near. */
const most = 100

/**
 * Whether a text may nest so deep that a recursive reader exhausts the stack, which can end the process. Counts
 * brackets and `- ? :` without looking at quotes: it may be wrong only for absurd texts. Indentation bounds itself,
 * as every level costs a column in every deeper line.
 */
export function isTooDeep(text: string): boolean {
  return flowDepth(text) > most || text.split('\n').some((line) => indicators(line) > most)
}

function flowDepth(text: string): number {
  let depth = 0
  let deepest = 0
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1)
    deepest = Math.max(deepest, depth)
  }
  return deepest
}

function indicators(line: string): number {
  return line.length < 2 * most ? 0 : (line.match(/[-?:](?=\s|$)/g)?.length ?? 0)
}
