import type { Draft } from './draft.ts'
import type { Finding } from './finding.ts'
import type { VariableUse } from './interpolate.ts'
import type { Sight } from './sight.ts'

/** One small demand on the whole file that a schema cannot word. What is undefined in the draft is somebody else's complaint. */
export type Rule = (draft: Draft, sight: Sight, uses: readonly VariableUse[]) => readonly Finding[]
