import type { ArgocdApplication, OperationState, ArgocdSource, ArgocdSources } from './schema.ts'

/** Whether the sync status, and with it the health, is about the spec as it stands now, and not about the one before. */
export function isAboutSpec({ spec, status }: ArgocdApplication): boolean {
  const seen = status?.sync?.comparedTo
  if (!seen || sourcesOf(spec).length === 0) return false
  return sameSources(seen, spec) && sameDestination(seen.destination, spec.destination)
}

/** Whether the last operation was about the spec as it stands now. */
export function operationIsAboutSpec(spec: ArgocdSources, { operation }: OperationState): boolean {
  const sync = operation?.sync
  // An operation that somebody asked for by hand names no source: it took the spec's.
  if (!sync || sourcesOf(sync).length === 0) return true
  return sameSources(sync, spec)
}

/** Whether every source that names a commit was rendered at that very commit. */
export function isAtRevision({ spec, status }: ArgocdApplication): boolean {
  const several = (spec.sources ?? []).length > 0
  const rendered = several ? (status?.sync?.revisions ?? []) : [status?.sync?.revision]
  return sourcesOf(spec).every(
    ({ targetRevision }, index) => !isCommit(targetRevision) || rendered[index] === targetRevision,
  )
}

/** Argo CD looks at `source` only when there are no `sources`. */
export function sourcesOf({ source, sources }: ArgocdSources): readonly ArgocdSource[] {
  if (sources && sources.length > 0) return sources
  return source ? [source] : []
}

function isCommit(revision: string | null | undefined): revision is string {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(revision ?? '')
}

function sameSources(one: ArgocdSources, other: ArgocdSources): boolean {
  return sameValue(sourcesOf(one), sourcesOf(other))
}

/** Argo CD may add the server to a cluster's name, or the name to a server. */
function sameDestination(
  seen: Readonly<Record<string, unknown>> | null | undefined,
  wanted: Readonly<Record<string, unknown>> | null | undefined,
): boolean {
  return Object.entries(wanted ?? {}).every(([key, value]) => sameValue(seen?.[key], value))
}

/** Whether two JSON values say the same to a Go program that leaves out what is empty: null, `""`, `false`, 0, `[]`, `{}` are absent. */
function sameValue(one: unknown, other: unknown): boolean {
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
