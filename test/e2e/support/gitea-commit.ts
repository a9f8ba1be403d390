import { callGitea } from './call-gitea.ts'
import type { GiteaAccount } from './gitea-account.ts'

/** What a job of CI says of a commit. */
export async function setCommitStatus(
  account: GiteaAccount,
  repository: string,
  sha: string,
  status: { readonly context: string; readonly state: 'pending' | 'success' | 'failure' },
): Promise<void> {
  await callGitea(account, 'POST', `/repos/${repository}/statuses/${sha}`, status)
}
