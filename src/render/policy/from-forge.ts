import { joined, type ResolvedScalar } from '../bind/bind.ts'
import { matchesPath } from '../bind/path.ts'

/** Whether a value that a merge request decides is part of this text. */
function holdsForgeValue({ segments }: ResolvedScalar): boolean {
  return segments.some((segment) => segment.kind === 'value' && segment.templateValue.origin === 'forge')
}

/** The scalars at a pattern of paths that a merge request has a hand in, with their text. */
export function forgeScalars(
  scalars: readonly ResolvedScalar[],
  pattern: string,
): readonly (ResolvedScalar & { readonly text: string })[] {
  return scalars
    .filter((scalar) => matchesPath(pattern, scalar.path) && holdsForgeValue(scalar))
    .map((scalar) => ({ ...scalar, text: joined(scalar.segments) }))
}
