/**
 * The candidate a person most likely meant by `name`, for "did you mean" hints; undefined when none is near.
 * Case, `-` and `_` do not count; at most a third of the longer name may differ. Ties go to the first candidate.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = folded(name)
  let best: { readonly candidate: string; readonly distance: number } | undefined
  for (const candidate of candidates) {
    const other = folded(candidate)
    const limit = Math.max(1, Math.floor(Math.max(wanted.length, other.length) / 3))
    const distance = editDistance(wanted, other, limit)
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { candidate, distance }
  }
  return best?.candidate
}

/** Longer names are cut: what follows is no typing mistake, and the time stays bounded. */
function folded(name: string): string {
  return name
    .slice(0, 80)
    .toLowerCase()
    .replaceAll(/[-_\s]/g, '')
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment); more than `limit` is Infinity. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Infinity
  let beforeLast: readonly number[] = []
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      current.push(cell(a, b, { row, column, current, last, beforeLast }))
    }
    beforeLast = last
    last = current
  }
  const distance = last[b.length] ?? Infinity
  return distance <= limit ? distance : Infinity
}

interface Place {
  readonly row: number
  readonly column: number
  readonly current: readonly number[]
  readonly last: readonly number[]
  readonly beforeLast: readonly number[]
}

function cell(a: string, b: string, { row, column, current, last, beforeLast }: Place): number {
  const same = a[row - 1] === b[column - 1]
  const edit = Math.min(
    at(last, column) + 1,
    at(current, column - 1) + 1,
    at(last, column - 1) + (same ? 0 : 1),
  )
  const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
  return swapped ? Math.min(edit, at(beforeLast, column - 2) + 1) : edit
}

function at(numbers: readonly number[], index: number): number {
  return numbers[index] ?? Infinity
}
