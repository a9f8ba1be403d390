import type { CommitSha } from '../../preview/brand.ts'
import type { Decision } from '../commit-plan.ts'
import type { ChangeResult } from '../port.ts'

/** The caller of one change, waiting for its end. */
export interface Waiting {
  readonly resolve: (result: ChangeResult) => void
  readonly reject: (error: unknown) => void
}

/** Tells the caller what became of its change after a push; `commits[i]` is the id of the plan's i-th commit. */
export function settleVerdict(
  waiting: Waiting,
  verdict: Decision | undefined,
  commits: readonly CommitSha[],
): void {
  if (verdict === undefined) throw new Error('a change without a verdict')
  switch (verdict.kind) {
    case 'commit': {
      const commit = commits[verdict.index]
      if (commit === undefined) throw new Error('a commit without an id')
      waiting.resolve({ kind: 'pushed', commit })
      return
    }
    case 'mistake':
      waiting.reject(new RangeError(verdict.message))
      return
    case 'unchanged':
      // An earlier change of the same push may be what made it so.
      waiting.resolve({ kind: 'unchanged', commit: commits.at(-1) ?? verdict.commit })
      return
    case 'dropped':
    case 'foreign':
    case 'held':
    case 'paused':
    case 'full':
      waiting.resolve(verdict)
  }
}
