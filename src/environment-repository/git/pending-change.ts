import type { Change, ChangeResult } from '../port.ts'
import type { PreconditionCheck } from './precondition-checks.ts'

/** A change on its way to the branch, and who waits for its end. */
export interface PendingChange {
  readonly change: Change
  readonly resolve: (result: ChangeResult) => void
  readonly reject: (error: unknown) => void
  check: PreconditionCheck | undefined
  /** In ms since the epoch; set by the first push. */
  deadline: number | undefined
}
