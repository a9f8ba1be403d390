import { joined, type BoundScalar } from '../bind/bind.ts'
import { matchesPath } from '../bind/path.ts'

/** Whether a value that a merge request decides is part of this text. */
function holdsForgeValue({ pieces }: BoundScalar): boolean {
  return pieces.some((piece) => piece.kind === 'value' && piece.fact.origin === 'forge')
}

/** The scalars at a pattern of paths that a merge request has a hand in, with their text. */
export function forgeScalars(
  scalars: readonly BoundScalar[],
  pattern: string,
): readonly (BoundScalar & { readonly text: string })[] {
  return scalars
    .filter((scalar) => matchesPath(pattern, scalar.path) && holdsForgeValue(scalar))
    .map((scalar) => ({ ...scalar, text: joined(scalar.pieces) }))
}
