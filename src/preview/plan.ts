import type { CommitSha } from './brand.ts'
import { shortSha } from './brand.ts'
import type { DesiredState } from './desired-state.ts'
import type { Trigger } from './outcome.ts'

/** A manifest that stands on the branch now, as far as a plan needs it. */
export interface StandingManifest {
  readonly path: string
  readonly content: string
  readonly name: string
  readonly sha: CommitSha | null
}

/** The manifest as it should be: rendered and within the policy. */
export interface WantedManifest {
  readonly path: string
  readonly content: string
  readonly name: string
  readonly sha: CommitSha
}

/** What is done about one preview: a value that can be printed before anything happens. */
export type PlannedChange =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'write'
      readonly edits: readonly { readonly path: string; readonly content: string | null }[]
      /** `preview <name>: <what>`, the commit's subject. */
      readonly subject: string
      readonly cause: Cause
      /** The commit that it deploys, where that is not the merge request's newest one. */
      readonly older?: CommitSha
    }

/** The trailer `Mayfly-Cause`: what brought a commit about. */
export type Cause =
  | 'opened'
  | 'reopened'
  | 'pushed'
  | 'changed'
  | 'merged'
  | 'closed'
  | 'gone'
  | 'not-eligible'
  | 'evicted'
  | 'rolled-back'
  | 'sweep'

/** `standing`: all manifests of this preview, more than one only after a rename. `removedBefore`: it existed and was removed. */
export function planWrite(
  wanted: WantedManifest,
  standing: readonly StandingManifest[],
  context: { readonly trigger: Trigger; readonly removedBefore: boolean },
): PlannedChange {
  const current = standing.find((manifest) => manifest.path === wanted.path)
  const others = standing.filter((manifest) => manifest.path !== wanted.path)
  if (current?.content === wanted.content && others.length === 0) return { kind: 'nothing' }
  const before = current ?? others[0]
  const edits = [
    { path: wanted.path, content: wanted.content },
    ...others.map(({ path }) => ({ path, content: null })),
  ]
  const commit = shortSha(wanted.sha)
  if (before === undefined) {
    const cause = context.removedBefore ? 'reopened' : 'opened'
    return {
      kind: 'write',
      edits,
      subject: `preview ${wanted.name}: create at ${commit}`,
      cause: causeOf(cause, context),
    }
  }
  const cause = before.sha === wanted.sha ? 'changed' : 'pushed'
  const renamed = others.length > 0 ? ` (was ${before.name === wanted.name ? before.path : before.name})` : ''
  const subject = `preview ${wanted.name}: update to ${commit}${renamed}`
  return { kind: 'write', edits, subject, cause: causeOf(cause, context) }
}

/** Deletion removes the committed paths, never a re-rendered one. */
export function planRemoval(
  { cause }: Extract<DesiredState, { kind: 'absent' }>,
  standing: readonly StandingManifest[],
  context: { readonly trigger: Trigger },
): PlannedChange {
  const [first] = standing
  if (first === undefined) return { kind: 'nothing' }
  const edits = standing.map(({ path }) => ({ path, content: null }))
  return {
    kind: 'write',
    edits,
    subject: `preview ${first.name}: remove: ${cause}`,
    cause: causeOf(cause, context),
  }
}

function causeOf(cause: Cause, { trigger }: { readonly trigger: Trigger }): Cause {
  // A person's decision is remembered by its name, whatever brought the pass about.
  return trigger === 'event' || cause === 'evicted' ? cause : 'sweep'
}
