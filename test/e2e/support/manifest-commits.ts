import { z } from 'zod'
import { callGitea } from './call-gitea.ts'
import type { GiteaAccount } from './gitea-account.ts'
import { branch } from './installation.ts'

const commits = z.array(z.object({ commit: z.object({ message: z.string() }) }))

/** The subjects of Mayfly's commits about one preview, oldest first. */
export async function manifestCommits(
  account: GiteaAccount,
  environments: string,
  preview: string,
): Promise<string[]> {
  const query = `sha=${branch}&path=apps/${preview}.yml&stat=false&limit=50`
  const answer = await callGitea(account, 'GET', `/repos/${environments}/commits?${query}`)
  return commits
    .parse(answer)
    .map(({ commit: { message } }) => message.split('\n')[0] ?? '')
    .filter((subject) => subject.startsWith(`preview ${preview}:`))
    .toReversed()
}
