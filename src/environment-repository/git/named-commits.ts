import type { CommitSha } from '../../preview/brand.ts'
import type { CommitPlan } from '../commit-plan.ts'
import type { GitFailure } from './git-error.ts'

/** Shorter ids are words by chance. */
const SHORTEST_ID = 7
const SHORTEST_NAME = 3

/**
 * The changes, by their place in the push, that a refusal names by author, path or commit. It only says where to look first: whose
 * fault it is, a push of that change alone tells.
 */
export function namedCommits(
  failure: GitFailure,
  plan: CommitPlan,
  commits: readonly CommitSha[],
): readonly number[] {
  // What git itself says names the newest commit, whosever fault it is.
  const said = failure.stderr.match(/^remote:.*$/gm) ?? []
  const words = new Set(wordsOf(said.join('\n')))
  return plan.decisions.flatMap((decision, place) => {
    if (decision.kind !== 'commit') return []
    const planned = plan.commits[decision.index]
    const id = commits[decision.index] ?? ''
    const names = [
      planned?.author.name ?? '',
      planned?.author.email ?? '',
      ...(planned?.edits ?? []).map(({ path }) => path),
    ]
    const isNamed = names.some((name) => name.length >= SHORTEST_NAME && isSaid(words, name))
    const isQuoted = [...words].some((word) => word.length >= SHORTEST_ID && id.startsWith(word))
    return isNamed || isQuoted ? [place] : []
  })
}

/** Every one of its words is there. */
function isSaid(words: ReadonlySet<string>, name: string): boolean {
  return wordsOf(name).every((word) => words.has(word))
}

/** Small letters; an e-mail address and a path stay whole. */
function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}@._/+-]+/u)
    .map((word) => word.replace(/^[.:/-]+|[.:/-]+$/g, ''))
    .filter((word) => word !== '')
}
