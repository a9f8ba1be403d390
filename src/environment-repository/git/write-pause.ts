import { RetryLater } from '../../preview/errors.ts'
import { commitMessage } from '../commit-message.ts'
import { pausePath, readPause } from '../pause-file.ts'
import type { PlannedCommit } from '../commit-plan.ts'
import type { Checkout } from './branch-client.ts'
import { scratchRef } from './clone.ts'
import { fastImportStream } from './fast-import-stream.ts'
import { type PushContext, pushCommits } from './push-batch.ts'

/** More races than this are lost only while something is wrong. */
const mostTries = 20

/** Puts `mayfly.pause` on the branch, or takes it away (null). It overtakes every change that waits. */
export async function writePause(
  context: PushContext,
  reason: string | null,
): Promise<'written' | 'unchanged'> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const outcome = await context.client.withCheckout((checkout) => pushPause(context, checkout, reason))
    if (outcome === 'written' || outcome === 'unchanged') return outcome
    if (outcome.kind !== 'moved') throw outcome.error
  }
  throw new RetryLater(`branch ${context.options.branch} keeps moving: others push to it at the same time`)
}

async function pushPause({ options }: PushContext, checkout: Checkout, reason: string | null) {
  const snapshot = await checkout.fetch()
  const wanted = reason === null ? null : readPause(reason)
  if (snapshot.pause === wanted) return 'unchanged'
  const commit = commitOf(options, wanted)
  const stream = fastImportStream({
    ref: scratchRef,
    from: snapshot.commit,
    commits: [commit],
    committer: options.committer,
  })
  const commits = await checkout.clone.importCommits(stream)
  const plan = { decisions: [], commits: [commit], tree: snapshot.tree, pause: wanted }
  const outcome = await pushCommits({ options }, { ...checkout, snapshot }, plan, commits)
  return outcome.kind === 'pushed' ? 'written' : outcome
}

function commitOf({ committer, clock }: PushContext['options'], reason: string | null): PlannedCommit {
  const subject = reason === null ? 'Resume all previews' : `Pause all previews: ${reason}`
  const content = reason === null ? null : `${reason}\n`
  return {
    author: committer,
    message: commitMessage(subject, { 'Mayfly-Cause': reason === null ? 'resumed' : 'paused' }),
    edits: [{ path: pausePath, content }],
    at: clock.now(),
  }
}
