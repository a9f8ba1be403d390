import type { When } from './application.ts'
import { matchesGlob } from './glob.ts'
import type { MergeRequest } from './merge-request.ts'

/** Why an open merge request gets no preview, in words; null when it gets one. Forks never do: their code is a stranger's. */
export function whyNotEligible(when: When, mergeRequest: MergeRequest): string | null {
  const why = whyNotBesidesForks(when, mergeRequest)
  if (why !== null || !mergeRequest.fork) return why
  return 'the merge request comes from a fork'
}

/** As `whyNotEligible`, as if its branch were in the repository itself: null means that only a fork can be in the way. */
export function whyNotBesidesForks(when: When, mergeRequest: MergeRequest): string | null {
  if (mergeRequest.draft && !when.drafts) return 'the merge request is a draft'
  return whyNotTarget(when, mergeRequest) ?? whyNotLabels(when.labels, mergeRequest.labels)
}

function whyNotTarget({ targetBranches }: When, { targetBranch }: MergeRequest): string | null {
  if (targetBranches.length === 0 || targetBranches.some((glob) => matchesGlob(glob, targetBranch)))
    return null
  return `its target branch is none of ${targetBranches.join(', ')}`
}

function whyNotLabels(rule: When['labels'], labels: readonly string[]): string | null {
  const unwanted = rule.none.find((label) => labels.includes(label))
  if (unwanted !== undefined) return `it has the label ${unwanted}`
  const missing = rule.all.find((label) => !labels.includes(label))
  if (missing !== undefined) return `it does not have the label ${missing}`
  if (rule.any.length > 0 && !rule.any.some((label) => labels.includes(label)))
    return `it has none of the labels ${rule.any.join(', ')}`
  return null
}
