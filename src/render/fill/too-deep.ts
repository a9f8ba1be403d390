/** Blocks in blocks, and calls in calls: nobody reads more. */
const most = 50

/**
 * Whether a template nests so deep that Handlebars' parser would take long: its time grows with the square of the depth.
 * Looks at characters only; quotes and comments do not count, so it may be wrong for absurd texts.
 */
export function isTooDeep(text: string): boolean {
  const blocks = text.matchAll(/\{\{~?(?:[#^](?!~?\}\})|\/)/g)
  if (deepest(blocks, (found) => !found.endsWith('/')) > most) return true
  for (const [mustache] of text.matchAll(/\{\{[^}]*/g))
    if (deepest(mustache.matchAll(/[()]/g), (found) => found === '(') > most) return true
  return false
}

function deepest(marks: Iterable<RegExpExecArray>, opens: (mark: string) => boolean): number {
  let depth = 0
  let most = 0
  for (const [mark] of marks) {
    depth = opens(mark) ? depth + 1 : Math.max(0, depth - 1)
    most = Math.max(most, depth)
  }
  return most
}
