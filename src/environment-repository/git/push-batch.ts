import type { CommitSha } from '../../preview/brand.ts'
import type { RetryLater, Stalled } from '../../preview/errors.ts'
import { extendHistory } from '../history.ts'
import type { BreakerMemory } from '../breaker-memory.ts'
import type { CommitPlan, ProposedChange } from '../commit-plan.ts'
import { isSweepRemoval, planCommits } from '../plan-commits.ts'
import type { Snapshot } from '../snapshot.ts'
import type { TokenBucket } from '../../pace/token-bucket.ts'
import { scratchRef } from './clone.ts'
import { fastImportStream } from './fast-import-stream.ts'
import { GitError } from './git-error.ts'
import { classifyGitError, publicError } from './classify-git-error.ts'
import { namedCommits } from './named-commits.ts'
import type { GitEnvironmentRepositoryOptions } from './options.ts'
import type { Checkout, BranchClient } from './branch-client.ts'

export type PushOutcome =
  /** `commits[i]` is the id of the plan's i-th commit; empty when there was nothing to push. */
  | { readonly kind: 'pushed'; readonly plan: CommitPlan; readonly commits: readonly CommitSha[] }
  /** Somebody was faster: nothing is pushed, the new tip is known. */
  | { readonly kind: 'moved' }
  /** The server says no to these commits; `named`: the places of the changes that it spoke of. */
  | { readonly kind: 'refused'; readonly error: RetryLater | Stalled; readonly named: readonly number[] }
  /** `unknown`: no answer came, and the server could not be asked what became of it. */
  | { readonly kind: 'failed' | 'unknown'; readonly error: RetryLater | Stalled }

export interface PushContext {
  readonly options: GitEnvironmentRepositoryOptions
  readonly client: BranchClient
  readonly bucket: TokenBucket
  readonly breaker: BreakerMemory
}

/**
 * One attempt: decide on the newest known tip, make the commits, push them once. After a lost race, and the pause that
 * follows it, the known tip is old again: then the server is asked first, so that the window is as short as can be.
 */
export function pushBatch(
  context: PushContext,
  changes: readonly ProposedChange[],
  { lostRaces }: { readonly lostRaces: number },
): Promise<PushOutcome> {
  const { options, client: tip, bucket, breaker } = context
  return tip.withCheckout(async (known) => {
    // That nothing may be written must be true of the newest tip: no push would find out.
    const isKnown = lostRaces === 0 && known.snapshot.pause === null
    const checkout = isKnown ? known : { ...known, snapshot: await known.fetch() }
    const { committer } = options
    const { commit } = checkout.snapshot
    const plan = planOn(context, checkout.snapshot, changes)
    if (isKnown && plan.commits.length === 0 && plan.decisions.some(({ kind }) => kind === 'full')) {
      await known.fetch()
      return { kind: 'moved' }
    }
    if (plan.commits.length === 0) {
      rememberRemovals(breaker, plan, changes)
      return { kind: 'pushed', plan, commits: [] }
    }
    await bucket.take()
    const stream = fastImportStream({ ref: scratchRef, from: commit, commits: plan.commits, committer })
    const commits = await checkout.clone.importCommits(stream)
    const outcome = await pushCommits(context, checkout, plan, commits)
    if (outcome.kind === 'pushed') rememberRemovals(breaker, plan, changes)
    return outcome
  })
}

function planOn(
  { options, breaker }: PushContext,
  { commit, tree, templates, history, pause }: Snapshot,
  changes: readonly ProposedChange[],
): CommitPlan {
  const { directory, layout, committer, agentNamespace, removalsWhilePaused } = options
  // As precise as Git keeps it, so that every reader of the branch sees the same moment.
  const now = new Date(Math.floor(options.clock.now().getTime() / 1000) * 1000)
  return planCommits({
    ...{ commit, tree, templates, history, breaker, pause, removalsWhilePaused },
    ...{ changes, directory, layout, committer, agentNamespace, now },
  })
}

function rememberRemovals(
  breaker: BreakerMemory,
  plan: CommitPlan,
  changes: readonly ProposedChange[],
): void {
  const removals = changes.flatMap((change, index) =>
    isSweepRemoval(change) ? [{ preview: change.preview, kind: plan.decisions[index]?.kind }] : [],
  )
  breaker.remember({
    committed: removals.filter(({ kind }) => kind === 'commit').length,
    held: removals.filter(({ kind }) => kind === 'held').map(({ preview }) => preview),
  })
}

/** Pushes what a plan has made, and settles what came of it. */
export async function pushCommits(
  { options }: Pick<PushContext, 'options'>,
  checkout: Checkout,
  plan: CommitPlan,
  commits: readonly CommitSha[],
): Promise<PushOutcome> {
  const newest = commits.at(-1)
  if (newest === undefined) throw new Error('git fast-import made no commit')
  const started = options.clock.monotonicMs()
  const outcome = await attempt(newest)
  options.onPush?.({
    result: outcome.kind,
    changes: plan.decisions.filter(({ kind }) => kind === 'commit').length,
    ms: options.clock.monotonicMs() - started,
  })
  return outcome

  async function attempt(commit: CommitSha): Promise<PushOutcome> {
    try {
      await checkout.clone.push(commit, checkout.snapshot.commit)
    } catch (error) {
      if (!(error instanceof GitError)) throw error
      return await settleFailure(options, checkout, { plan, commits, error })
    }
    checkout.adopt(afterPush(checkout.snapshot, plan, commits))
    return { kind: 'pushed', plan, commits }
  }
}

function afterPush(before: Snapshot, plan: CommitPlan, ids: readonly CommitSha[]): Snapshot {
  const facts = plan.commits.flatMap(({ message, at }, index) => {
    const commit = ids[index]
    return commit === undefined ? [] : [{ commit, at, message }]
  })
  const commit = ids.at(-1) ?? before.commit
  const { tree, pause } = plan
  return { ...before, commit, tree, pause, history: extendHistory(before.history, facts) }
}

interface FailedPush {
  readonly plan: CommitPlan
  readonly commits: readonly CommitSha[]
  readonly error: GitError
}

/** What a failed push came to: looks at the tip wherever the words alone do not tell. */
async function settleFailure(
  options: GitEnvironmentRepositoryOptions,
  checkout: Checkout,
  { plan, commits, error }: FailedPush,
): Promise<PushOutcome> {
  const kind = classifyGitError(error.failure)
  const shown = publicError(kind, error.failure, `branch ${options.branch} of ${options.url}`)
  switch (kind) {
    case 'moved':
    case 'refused': {
      // Git repeats a request by itself when a connection dies, and may so lose a race against its own push.
      const { commit } = await checkout.fetch()
      if (await isPart(checkout, commits, commit)) return { kind: 'pushed', plan, commits }
      // Servers word a lost race in many ways; a tip that moved says it plainly.
      const hasMoved = kind === 'moved' || commit !== checkout.snapshot.commit
      if (hasMoved) return { kind: 'moved' }
      return { kind: 'refused', error: shown, named: namedCommits(error.failure, plan, commits) }
    }
    case 'away':
      if (!(await hasLanded(checkout, commits))) return { kind: 'unknown', error: shown }
      return { kind: 'pushed', plan, commits }
    case 'unauthorised':
    case 'elsewhere':
      return { kind: 'failed', error: shown }
    case 'missing':
    case 'damaged':
      throw error
  }
}

/** A push without an answer may have been taken: the branch knows. False also when it cannot be asked. */
async function hasLanded(checkout: Checkout, commits: readonly CommitSha[]): Promise<boolean> {
  try {
    const { commit } = await checkout.fetch()
    return await isPart(checkout, commits, commit)
  } catch (error) {
    if (error instanceof GitError) return false
    throw error
  }
}

async function isPart({ clone }: Checkout, commits: readonly CommitSha[], tip: CommitSha): Promise<boolean> {
  const newest = commits.at(-1)
  return newest !== undefined && (await clone.isAncestor(newest, tip))
}
