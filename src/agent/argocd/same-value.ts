/** Whether two JSON values say the same to a Go program that leaves out what is empty: null, `""`, `false`, 0, `[]`, `{}` are absent. */
export function sameValue(one: unknown, other: unknown): boolean {
  return JSON.stringify(bare(one)) === JSON.stringify(bare(other))
}

function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => bare(item) ?? null)
  if (typeof value !== 'object' || value === null) return isEmpty(value) ? undefined : value
  const kept = Object.entries(value)
    .map(([key, inner]) => [key, bare(inner)] as const)
    .filter(([, inner]) => inner !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
  // Pairs, because a key called __proto__ would vanish from an object.
  return kept.length === 0 ? undefined : { pairs: kept }
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || value === false || value === 0
}
