import type { CommitSha } from './brand.ts'
import { shortSha } from './brand.ts'
import type { Observation } from './observation.ts'
import type { PreviewId } from './preview-id.ts'
import type { PreviewState, PreviewStatus, Removal, RuleTold } from './status.ts'

/** What a pass found out about one preview, before it becomes a status. */
export interface PreviewFacts {
  readonly preview: PreviewId
  readonly application: string
  readonly number: number
  readonly name: string
  readonly namespace: string
  readonly url: string | null
  readonly sha: CommitSha | null
  /** The manifest on the branch after this pass; `sha` is the commit it deploys. */
  readonly manifest: {
    readonly path: string
    readonly commit: CommitSha | null
    readonly sha: CommitSha | null
  } | null
  /** When the newest commit about its manifest was made; null when the history does not go back that far. */
  readonly changedAt: Date | null
  /** Whether that commit came of an event, so soon after what it is about. */
  readonly byEvent: boolean
  readonly end: PreviewEnd
}

/** How the pass ended for this preview. */
export type PreviewEnd =
  /** The manifest stands as wanted. */
  | { readonly kind: 'stands' }
  | { readonly kind: 'removed'; readonly removal: Removal; readonly why: string }
  /** Nobody gets a preview here; or the template or the output policy said no, and what stood before still stands. */
  | {
      readonly kind: 'refused'
      readonly message: string
      readonly details: readonly string[]
      readonly rulings?: readonly RuleTold[]
      readonly advice: string
    }
  /** It could not be done now or needs a human; `message` is for people. */
  | {
      readonly kind: 'stuck'
      readonly state: 'waiting' | 'failed'
      readonly message: string
      readonly details?: readonly string[]
      readonly rulings?: readonly RuleTold[]
      readonly advice?: string
      /** Whether time alone changes nothing; absent: it does. */
      readonly forPeople?: boolean
    }

/** What the agent says, and why the URL does not answer; null: it does, or was not probed. */
type Seen = readonly [observation: Observation, silence: string | null]

/** Makes the one status that comment, API and commit status share, from the facts, the agent and the URL. */
export function statusOf(
  finding: PreviewFacts,
  observation: Observation,
  silence: string | null = null,
): PreviewStatus {
  const { state, message, details, rulings, advice } = verdict(finding, [observation, silence])
  return {
    preview: finding.preview,
    application: finding.application,
    number: finding.number,
    name: finding.name,
    namespace: finding.namespace,
    url: finding.url,
    state,
    message,
    details: details ?? [],
    rulings: rulings ?? [],
    advice: advice ?? '',
    sha: finding.sha,
    servingSha: serving(observation),
    manifest:
      finding.manifest === null ? null : { path: finding.manifest.path, commit: finding.manifest.commit },
    since: sinceOf(state, finding, observation),
    pushedAt: finding.changedAt,
    watched: observation.kind !== 'unwatched',
    fromCluster: isOfCluster(finding.end) && observation.kind !== 'unwatched',
    forPeople: finding.end.kind === 'stuck' && finding.end.forPeople === true,
    removal: finding.end.kind === 'removed' ? finding.end.removal : null,
  }
}

/** All else is told whatever the cluster says. */
function isOfCluster({ kind }: PreviewEnd): boolean {
  return kind === 'stands' || kind === 'removed'
}

/** What begins with a commit of ours; the agent alone knows when something became ready or failed. */
function sinceOf(state: PreviewState, { changedAt }: PreviewFacts, observation: Observation): Date | null {
  if (state === 'deploying' || state === 'removing' || state === 'removed') return changedAt
  if (!('since' in observation)) return null
  // What it waits for is the end of the one before.
  const told = state === 'waiting' ? 'removing' : state
  return observation.kind === told ? observation.since : null
}

interface Verdict {
  readonly state: PreviewState
  readonly message: string
  readonly details?: readonly string[]
  readonly rulings?: readonly RuleTold[]
  readonly advice?: string
}

function verdict(finding: PreviewFacts, seen: Seen): Verdict {
  const { end } = finding
  switch (end.kind) {
    case 'stands':
      return standing(finding, seen)
    case 'removed':
      return leaving(end.why, seen[0])
    case 'refused':
      return { ...end, state: 'refused' }
    case 'stuck':
      return { ...end }
  }
}

function standing({ sha, namespace, url }: PreviewFacts, [observation, silence]: Seen): Verdict {
  switch (observation.kind) {
    case 'unwatched':
      return {
        state: 'deploying',
        message: 'this installation does not watch an agent, so readiness is not known',
      }
    case 'absent':
      return { state: 'deploying', message: 'the agent has not picked it up yet' }
    case 'deploying':
      return { state: 'deploying', message: observation.why, details: observation.details }
    case 'removing':
      return {
        state: 'waiting',
        message: `the old namespace ${namespace} is still there: ${observation.why}`,
        details: observation.details,
        advice: adviceOf(observation),
      }
    case 'ready':
      if (observation.serving === sha && silence === null)
        return { state: 'ready', message: 'running and healthy' }
      if (observation.serving === sha)
        return {
          state: 'deploying',
          message: `running, but ${url ?? 'its URL'} does not answer yet: ${silence ?? ''}`,
        }
      return { state: 'deploying', message: `the agent still serves ${shortSha(observation.serving)}` }
    case 'degraded':
    case 'failed':
      return { state: observation.kind, message: observation.why, details: observation.details }
  }
}

function leaving(why: string, observation: Observation): Verdict {
  if (observation.kind === 'absent' || observation.kind === 'unwatched')
    return { state: 'removed', message: why }
  if (observation.kind === 'removing')
    return {
      state: 'removing',
      message: observation.why,
      details: observation.details,
      advice: adviceOf(observation),
    }
  return { state: 'removing', message: 'the agent has not seen the removal yet' }
}

function adviceOf({ held }: Extract<Observation, { kind: 'removing' }>): string {
  return held
    ? 'Mayfly takes nothing away by force and never removes a finalizer: whoever runs the controller that holds it, or an administrator of the cluster, can let it go.'
    : ''
}

function serving(observation: Observation): CommitSha | null {
  if ('serving' in observation) return observation.serving
  return null
}
