import type { When } from './application.ts'
import { compileGlob, matchesGlob } from './glob.ts'
import type { MergeRequest } from './merge-request.ts'

/**
 * Why an open merge request gets no preview, in words; null when it may get one. Forks do not unless the application takes approved
 * ones: their code is a stranger's.
 * `files`: every path it changes; null: not listed yet, then they do not count.
 */
export function whyNotEligible(
  when: When,
  mergeRequest: MergeRequest,
  files: readonly string[] | null,
): string | null {
  const why = whyNotBesidesForks(when, mergeRequest)
  if (why !== null) return why
  if (mergeRequest.fork !== false && when.forks === 'never') return 'the merge request comes from a fork'
  return files === null ? null : whyNotPaths(when, files)
}

/** As `whyNotEligible`, as if its branch were in the repository itself: null means that a fork or its files can be in the way. */
export function whyNotBesidesForks(when: When, mergeRequest: MergeRequest): string | null {
  if (mergeRequest.draft && !when.drafts) return 'the merge request is a draft'
  if (mergeRequest.author.bot && !when.bots) return 'its author is a bot'
  const { login } = mergeRequest.author
  if (when.deny.some((denied) => sameLogin(denied, login))) return 'its author is on the list of `deny`'
  return (
    whyNotBranch(when, mergeRequest) ??
    whyNotTitle(when, mergeRequest) ??
    whyNotLabels(when.labels, mergeRequest)
  )
}

/** No forge tells two logins apart by their case. */
export function sameLogin(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

function whyNotBranch(when: When, mergeRequest: MergeRequest): string | null {
  const { branches } = when
  if (branches.length > 0 && !branches.some((glob) => matchesGlob(glob, mergeRequest.branch)))
    return `its branch is none of ${branches.join(', ')}`
  return whyNotTarget(when, mergeRequest)
}

function whyNotTitle({ titles }: When, { title }: MergeRequest): string | null {
  if (titles.length === 0 || titles.some((glob) => matchesGlob(oneSegment(glob), oneSegment(title))))
    return null
  return `its title is none of ${titles.join(', ')}`
}

/** A slash ends nothing in a title or a label. */
function oneSegment(text: string): string {
  return text.normalize('NFC').replaceAll('/', '\0')
}

function whyNotTarget({ targetBranches }: When, { targetBranch }: MergeRequest): string | null {
  if (targetBranches.length === 0 || targetBranches.some((glob) => matchesGlob(glob, targetBranch)))
    return null
  return `its target branch is none of ${targetBranches.join(', ')}`
}

function whyNotLabels(rule: When['labels'], { labels, labelsIgnoreCase }: MergeRequest): string | null {
  const same = (label: string): string => {
    const normal = oneSegment(label)
    return labelsIgnoreCase ? normal.toLowerCase() : normal
  }
  const given = labels.map(same)
  const has = (wanted: string): boolean => {
    const isAlike = wanted.includes('*') ? compileGlob(same(wanted)) : () => false
    // A label may have braces beside its star: it is always like itself.
    return given.some((label) => label === same(wanted) || isAlike(label))
  }
  const unwanted = rule.none.find(has)
  if (unwanted !== undefined) return `it has the label ${unwanted}`
  const missing = rule.all.find((label) => !has(label))
  if (missing !== undefined) return `it does not have the label ${missing}`
  if (rule.any.length > 0 && !rule.any.some(has)) return `it has none of the labels ${rule.any.join(', ')}`
  return null
}

function whyNotPaths({ paths }: When, files: readonly string[]): string | null {
  if (paths.length === 0) return null
  const globs = paths.map(compileGlob)
  if (files.some((file) => globs.some((matches) => matches(file)))) return null
  return `it changes none of ${paths.join(', ')}`
}
