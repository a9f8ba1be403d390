import type { PartialConfig } from './draft.ts'
import type { ConfigProblem } from './finding.ts'
import type { VariableUse } from './interpolate.ts'
import type { SourceView } from './source-view.ts'

/** One small demand on the whole file that a schema cannot word. What is undefined in the draft is somebody else's complaint. */
export type ConfigRule = (
  draft: PartialConfig,
  view: SourceView,
  uses: readonly VariableUse[],
) => readonly ConfigProblem[]
