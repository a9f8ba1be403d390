import type { Manifest } from '../environment-repository/port.ts'
import { type AuthorPermission, judgeTrust, whyUntrusted } from '../lifecycle/trust.ts'
import type { MergeRequest } from '../preview/merge-request.ts'
import { countsAsWriter } from './permissions.ts'
import type { PreviewContext } from './preview-context.ts'

/** The annotation that says which commit of an untrusted author somebody approved, and who. */
export const approvedAnnotations = { sha: 'mayfly.dev/approved-sha', by: 'mayfly.dev/approved-by' } as const

/** Asks whether the author of a commit is trusted with it, and whether somebody has approved it. */
export async function trust(
  context: PreviewContext,
  mergeRequest: MergeRequest,
  standing: readonly Manifest[],
): Promise<ReturnType<typeof judgeTrust> & { readonly approvedBy: string | null }> {
  const { application, settings } = context
  const { sha } = mergeRequest
  const untrusted = whyUntrusted(application.when, mergeRequest, await permissionOf(context, mergeRequest))
  const approvedBy = untrusted === null ? null : await approverOf(context, mergeRequest, standing)
  const verdict = judgeTrust({
    ...{ untrusted, sha, approvedBy },
    standing: standing[0]?.sha ?? null,
    prefix: settings.commands?.prefix ?? '',
  })
  return { ...verdict, approvedBy }
}

/** Asked only where it decides. */
async function permissionOf(
  { application, ports, ref, settings }: PreviewContext,
  { author, fork }: MergeRequest,
): Promise<AuthorPermission> {
  if (application.when.authors === 'any' || fork !== false) return 'unknown'
  if (countsAsWriter(settings, author.login)) return 'write'
  const user = { id: null, login: author.login, bot: author.bot }
  const reading = await ports.conversations.get(ref.forge)?.readPermission(ref.repository, user)
  return reading?.kind === 'known' ? reading.permission : 'unknown'
}

/** What the branch says counts for good: a comment that is deleted or edited later takes nothing back. */
async function approverOf(
  { orders, ports, preview }: PreviewContext,
  { sha }: MergeRequest,
  standing: readonly Manifest[],
): Promise<string | null> {
  const written = standing.find(({ annotations }) => annotations['approved-sha'] === sha)
  if (written !== undefined) return written.annotations['approved-by'] ?? 'somebody who may write'
  const noted = (await ports.repository.view()).approvalOf(preview)
  return noted?.sha === sha ? noted.by : orders.approvedBy
}
