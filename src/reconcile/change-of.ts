import type { Change } from '../environment-repository/port.ts'
import type { DesiredState } from '../preview/desired-state.ts'
import { parseMergeRequestKey } from '../preview/key.ts'
import { previewId } from '../preview/preview-id.ts'
import type { Plan } from './plan-preview.ts'
import type { Installation } from './installation.ts'
import type { PreviewContext } from './preview-context.ts'

/** The commit that carries a plan out, with the author and the trailers of the public contract. */
export function changeOf(
  installation: Installation,
  asked: PreviewContext,
  wish: DesiredState,
  { change: plan, standing, template }: Plan,
  stillWanted: () => Promise<boolean>,
): Change {
  if (plan.kind !== 'write') throw new RangeError('there is nothing to write')
  const preview = previewId(asked.application.name, parseMergeRequestKey(asked.key).number)
  const mergeRequest = mergeRequestOf(asked, wish)
  const before = standing[0]
  const sha = mergeRequest?.sha ?? before?.sha
  const url = mergeRequest?.url ?? before?.annotations['merge-request']
  return {
    preview,
    edits: plan.edits,
    author: mergeRequest?.author ?? installation.committer,
    subject: plan.subject,
    trailers: {
      'Mayfly-Preview': preview,
      ...(sha ? { 'Mayfly-Sha': sha } : {}),
      'Mayfly-Cause': plan.cause,
      ...(url ? { 'Mayfly-Merge-Request': url } : {}),
    },
    template: template === null ? null : { file: asked.application.template, blob: template },
    prompt: asked.trigger,
    stillWanted,
  }
}

function mergeRequestOf({ reading }: PreviewContext, wish: DesiredState) {
  if (wish.kind === 'present') return wish.mergeRequest
  return reading.kind === 'found' ? reading.mergeRequest : null
}
