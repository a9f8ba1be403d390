import type { Problem } from './config-error.ts'
import { formatPath, type Path } from './path.ts'

/** A problem while its place is still a path; it becomes a `Problem` once all are known. */
export interface ConfigProblem {
  readonly path: Path
  readonly message: string
  readonly hint: string
  /** Counted from 1; left out where the path tells. */
  readonly line?: number
}

/** In order of line; those of one line keep their order. */
export function problemsOf(
  findings: readonly ConfigProblem[],
  lineOf: (path: Path) => number | undefined,
): readonly Problem[] {
  return findings
    .map((finding) => problem(finding, finding.line ?? lineOf(finding.path)))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
}

function problem({ path, message, hint }: ConfigProblem, line: number | undefined): Problem {
  return { path: formatPath(path), message, hint, ...(line === undefined ? {} : { line }) }
}
