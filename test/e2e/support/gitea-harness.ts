import { createFetch } from '../../../src/network/create-fetch.ts'
import { systemClock } from '../../../src/pace/clock.ts'
import { createGiteaForge } from '../../../src/forge/gitea/api.ts'
import type { ForgeClient } from '../../../src/forge/clients.ts'
import { commitSha } from '../../../src/preview/brand.ts'
import type { ForgeHarness } from '../../contract/forge.ts'
import type { GiteaServer } from './gitea.ts'
import * as pulls from './gitea-pull-request.ts'
import { addCollaborator, createRepository, pushFiles, renameRepository } from './gitea-repository.ts'

/** A repository of its own on a real Gitea, with what the forge contract asks people to do there. */
export async function giteaHarness(gitea: GiteaServer, name: string): Promise<ForgeHarness> {
  const { developer, bot, operator } = gitea
  const repository = `acme/${name}`
  await createRepository(operator, { repository, writers: [developer, bot] })
  await pushFiles(developer, repository, {
    branch: 'release',
    from: 'main',
    files: { 'release.txt': 'one\n' },
  })
  const branches = new Map<number, string>()
  let commits = 0
  const files = () => ({ [`change-${++commits}.txt`]: 'here\n' })
  // Renames are followed by hand: only the adapter must find the new address by itself.
  let today = repository
  const edit = (number: number, changes: Parameters<typeof pulls.editPullRequest>[3]) =>
    pulls.editPullRequest(developer, today, number, changes)
  return {
    forge: giteaForge(gitea),
    repository,
    openMergeRequest: async ({ branch, title }) => {
      await pushFiles(developer, today, { branch, from: 'main', files: files() })
      const number = await pulls.openPullRequest(developer, today, {
        head: branch,
        title: title ?? `Merge ${branch}`,
      })
      branches.set(number, branch)
      return number
    },
    push: async (number) => {
      const sha = await pushFiles(developer, today, { branch: branches.get(number) ?? '', files: files() })
      await pulls.untilHeadIs(developer, today, number, sha)
      return commitSha(sha)
    },
    close: (number) => edit(number, { state: 'closed' }),
    reopen: (number) => edit(number, { state: 'open' }),
    merge: (number) => pulls.mergePullRequest(developer, today, number),
    label: (number, labels) => pulls.setLabels(developer, today, number, labels),
    retarget: (number, branch) => edit(number, { base: branch }),
    comments: async (number) =>
      (await pulls.readComments(operator, today, number)).map(({ id, body, user }) => ({
        id,
        body,
        author: user.login,
      })),
    commentAsOther: async (number, body) => {
      await pulls.addComment(developer, today, number, body)
    },
    commentAsSelf: async (number, body) => {
      await pulls.addComment(bot, today, number, body)
    },
    deleteComment: (_number, id) => pulls.deleteComment(operator, today, id),
    lock: async (number) => {
      await pulls.lockConversation(operator, today, number)
      // Gitea shuts it only to those who may not write.
      await addCollaborator(operator, today, bot, 'read')
      return true
    },
    statuses: async (sha) =>
      (await pulls.readStatuses(operator, today, sha)).map(
        ({ context, status, description, target_url }) => ({
          context,
          state: status,
          description,
          targetUrl: target_url,
        }),
      ),
    renameRepository: async () => {
      await renameRepository(operator, today, `${name}-renamed`)
      today = `acme/${name}-renamed`
      return today
    },
    dispose: async () => undefined,
  }
}

/** The adapter, as the account that Mayfly uses. */
export function giteaForge(gitea: Pick<GiteaServer, 'url' | 'bot'>): ForgeClient {
  return createGiteaForge({
    name: 'gitea',
    url: gitea.url,
    api: `${gitea.url}/api/v1`,
    token: async () => gitea.bot.token,
    userAgent: 'mayfly-e2e',
    fetch: createFetch({}),
    timeoutMs: 10_000,
    maxBytes: 8 << 20,
    clock: systemClock,
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    onCall: () => undefined,
  })
}
