import type { TwiceResolved } from '../bind/second-parsers.ts'
import type { PathPart, TreeMap } from '../bind/tree.ts'
import type { Policy } from '../policy.ts'
import { joined, type ResolvedScalar } from '../bind/bind.ts'
import { matchesPath } from '../bind/path.ts'

/** An object of the manifest, as the rules see it: before Mayfly's own marks. */
export interface ManifestObject {
  /** Counted from 1. */
  readonly document: number
  readonly apiVersion: string
  /** Of `apiVersion`; empty for the core API. */
  readonly group: string
  readonly kind: string
  readonly name: string
  /** Empty when none is given. */
  readonly namespace: string
  readonly tree: TreeMap
  /** Which scalars hold values, and what they are made of. */
  readonly resolved: TwiceResolved
}

export interface Situation {
  readonly policy: Policy
  /** The preview's name. */
  readonly name: string
  /** Mayfly's own marks, by annotation. */
  readonly marks: Readonly<Record<string, string>>
  /** All objects of the manifest. */
  readonly objects: readonly ManifestObject[]
}

export interface Finding {
  readonly path: readonly PathPart[]
  /** For a place inside a text that is parsed again: goes before the path. */
  readonly field?: string
  readonly value?: unknown
  /** What is wrong, and the way out. */
  readonly advice: string
}

/** One thing that a manifest must hold to. `name` is what a refusal calls it. */
export interface PolicyRule {
  readonly name: string
  readonly check: (object: ManifestObject, situation: Situation) => Iterable<Finding>
}

const agentGroups: ReadonlySet<string> = new Set([
  'argoproj.io',
  'kustomize.toolkit.fluxcd.io',
  'helm.toolkit.fluxcd.io',
  'source.toolkit.fluxcd.io',
])

/** Whether Argo CD or Flux acts on this object. */
export function isAgentObject({ group }: ManifestObject): boolean {
  return agentGroups.has(group)
}

/** The namespace that Argo CD or Flux lives in, for an object of theirs. */
export function agentNamespace({ group }: ManifestObject, { policy }: Situation): string {
  return policy.agentNamespace ?? (group === 'argoproj.io' ? 'argocd' : 'flux-system')
}

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
