import type { When } from './application.ts'
import { compileGlob, matchesGlob } from './glob.ts'
import type { MergeRequest } from './merge-request.ts'

/**
 * Why an open merge request gets no preview, in words; null when it gets one. Forks never do: their code is a stranger's.
 * `files`: every path it changes; null: not listed yet, then they do not count.
 */
export function whyNotEligible(
  when: When,
  mergeRequest: MergeRequest,
  files: readonly string[] | null,
): string | null {
  const why = whyNotBesidesForks(when, mergeRequest)
  if (why !== null) return why
  if (mergeRequest.fork !== false) return 'the merge request comes from a fork'
  return files === null ? null : whyNotPaths(when, files)
}

/** As `whyNotEligible`, as if its branch were in the repository itself: null means that a fork or its files can be in the way. */
export function whyNotBesidesForks(when: When, mergeRequest: MergeRequest): string | null {
  if (mergeRequest.draft && !when.drafts) return 'the merge request is a draft'
  if (mergeRequest.author.bot && !when.bots) return 'its author is a bot'
  return whyNotTarget(when, mergeRequest) ?? whyNotLabels(when.labels, mergeRequest)
}

function whyNotTarget({ targetBranches }: When, { targetBranch }: MergeRequest): string | null {
  if (targetBranches.length === 0 || targetBranches.some((glob) => matchesGlob(glob, targetBranch)))
    return null
  return `its target branch is none of ${targetBranches.join(', ')}`
}

function whyNotLabels(rule: When['labels'], { labels, labelsIgnoreCase }: MergeRequest): string | null {
  const same = (label: string): string => {
    const normal = label.normalize('NFC')
    return labelsIgnoreCase ? normal.toLowerCase() : normal
  }
  const given = new Set(labels.map(same))
  const unwanted = rule.none.find((label) => given.has(same(label)))
  if (unwanted !== undefined) return `it has the label ${unwanted}`
  const missing = rule.all.find((label) => !given.has(same(label)))
  if (missing !== undefined) return `it does not have the label ${missing}`
  if (rule.any.length > 0 && !rule.any.some((label) => given.has(same(label))))
    return `it has none of the labels ${rule.any.join(', ')}`
  return null
}

function whyNotPaths({ paths }: When, files: readonly string[]): string | null {
  if (paths.length === 0) return null
  const globs = paths.map(compileGlob)
  if (files.some((file) => globs.some((matches) => matches(file)))) return null
  return `it changes none of ${paths.join(', ')}`
}
