import { Stalled } from '../preview/errors.ts'
import type { MergeRequestRef } from '../preview/key.ts'
import type { PreviewContext } from './preview-context.ts'
import type { Installation } from './installation.ts'

/** One answer for all applications of a merge request, until its head or its target is another one. */
export function changedFilesOnce(
  { forges }: Installation,
  ref: MergeRequestRef,
): PreviewContext['changedFiles'] {
  const answers = new Map<string, Promise<readonly string[]>>()

  async function ask(): Promise<readonly string[]> {
    const forge = forges.get(ref.forge)
    if (forge === undefined) throw new Stalled(`no forge called ${ref.forge} is configured`)
    return forge.listChangedFiles(ref.repository, ref.number)
  }

  return ({ sha, targetBranch }) => {
    const state = `${sha} ${targetBranch}`
    const answer = answers.get(state) ?? ask()
    answers.set(state, answer)
    return answer
  }
}
