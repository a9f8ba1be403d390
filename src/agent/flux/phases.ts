import type { CommitSha } from '../../preview/brand.ts'
import type { Observed } from '../observe/observed.ts'
import { distinctLines, parseTime } from '../observe/clean-message.ts'
import type { FluxObject } from './schema.ts'

/** Not ready yet, with nothing known to be wrong. */
export function deploying(serving: CommitSha | null, why: string, applied = false): Observed {
  return { applied, observation: { kind: 'deploying', serving, why, details: [], since: null } }
}

/** Wrong, as the lines say. */
export function wrong(
  kind: 'degraded' | 'failed',
  serving: CommitSha | null,
  { lines, since }: { lines: readonly string[]; since: Date | null },
): Observed {
  const [why = 'Flux says that it failed, and not why', ...details] = distinctLines(lines, [])
  return { applied: kind === 'degraded', observation: { kind, serving, why, details, since } }
}

export function ready(serving: CommitSha, since: Date | null): Observed {
  return { applied: true, observation: { kind: 'ready', serving, since } }
}

/** On its way out; `held`: why Flux cannot finish, null: it is at it; `first`: what it finishes before, if anything. */
export function removing(
  { metadata }: FluxObject,
  held: string | null,
  first: string | null = null,
): Observed {
  const why = held ?? first ?? `Flux is deleting what ${metadata.name} made`
  const since = parseTime(metadata.deletionTimestamp)
  return { applied: false, observation: { kind: 'removing', why, details: [], held: held !== null, since } }
}

export function suspended(kind: string, { metadata }: FluxObject, serving: CommitSha | null): Observed {
  const why = `the ${kind} \`${metadata.name}\` is suspended: Flux does nothing until somebody resumes it`
  return deploying(serving, why)
}

export function notYetApplied(kind: string, own: CommitSha | null, serving: CommitSha | null): Observed {
  const why =
    own === null
      ? `the ${kind} in the cluster does not say for which commit it was written`
      : 'Flux has not applied the newest manifest yet'
  return deploying(serving, why)
}
