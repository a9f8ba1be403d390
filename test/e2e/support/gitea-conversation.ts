import { expect } from 'vitest'
import { callGitea } from './call-gitea.ts'
import { giteaForge } from './gitea-harness.ts'
import { addComment, deleteComment, openPullRequest } from './gitea-pull-request.ts'
import { addCollaborator, createRepository, pushFiles } from './gitea-repository.ts'
import type { GiteaServer } from './gitea.ts'

/** A conversation on a real Gitea from its first comment on, with a bot that may write and then one that administers. */
export async function conversationOn(gitea: GiteaServer, name: string): Promise<void> {
  const repository = `acme/${name}`
  const { developer, stranger, bot, operator } = gitea
  await createRepository(operator, { repository, writers: [developer, bot] })
  await pushFiles(developer, repository, { branch: 'cart', from: 'main', files: { 'cart.txt': 'here\n' } })
  const number = await openPullRequest(developer, repository, { head: 'cart', title: 'Add a cart' })
  await remarksAndMarks(gitea, repository, number)
  await permissions(gitea, repository)
  expect(await giteaForge(gitea).readPermission(repository, nobody)).toEqual({
    kind: 'known',
    permission: 'none',
  })
  await addComment(stranger, repository, number, '/preview evict')
  const remarks = await giteaForge(gitea).listRemarks(repository, number)
  expect(remarks.at(-1)).toMatchObject({ author: { login: stranger.login }, body: '/preview evict' })
}

const nobody = { id: null, login: 'nobody', bot: false }

async function remarksAndMarks(gitea: GiteaServer, repository: string, number: number): Promise<void> {
  const { developer, bot } = gitea
  const forge = giteaForge(gitea)
  await addComment(developer, repository, number, '/preview redeploy')
  await addComment(bot, repository, number, '<!-- mayfly:default -->\nours')
  await addComment(developer, repository, number, 'hello')
  const [command, talk, ...others] = await forge.listRemarks(repository, number)
  if (command === undefined || talk === undefined) throw new Error('Gitea lists no comments')
  expect(others).toEqual([])
  expect(command).toMatchObject({
    author: { login: developer.login, bot: false },
    body: '/preview redeploy',
    edited: false,
  })
  const target = { repository, number, remark: command.id }
  expect(await forge.readMark(target)).toBeNull()
  for (const mark of ['seen', 'done', 'refused', 'done', 'done'] as const) {
    await forge.setMark(target, mark)
    expect(await forge.readMark(target)).toBe(mark)
  }
  const path = `/repos/${repository}/issues/comments/${command.id}/reactions`
  expect(await callGitea(developer, 'GET', path)).toMatchObject([
    { content: 'rocket', user: { login: bot.login } },
  ])
  // Gitea tells times in seconds.
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  await callGitea(developer, 'PATCH', `/repos/${repository}/issues/comments/${talk.id}`, {
    body: '/preview evict',
  })
  await forge.reply(repository, number, '<!-- mayfly-reply:default -->\nNo.')
  expect((await forge.listRemarks(repository, number)).map(({ edited }) => edited)).toEqual([false, true])
  await deleteComment(developer, repository, talk.id)
  expect(await forge.readMark({ ...target, remark: talk.id })).toBeNull()
  await forge.setMark({ ...target, remark: talk.id }, 'seen')
}

async function permissions(gitea: GiteaServer, repository: string): Promise<void> {
  const { developer, stranger, bot, operator } = gitea
  const forge = giteaForge(gitea)
  const may = (login: string) => forge.readPermission(repository, { id: null, login, bot: false })
  expect(await may(developer.login)).toMatchObject({
    kind: 'unknown',
    why: expect.stringContaining('Administrator on the repository') as string,
  })
  await addCollaborator(operator, repository, bot, 'admin')
  const known = (permission: string) => ({ kind: 'known', permission })
  expect(await may(developer.login)).toEqual(known('write'))
  expect(await may(operator.login)).toEqual(known('write'))
  // Anybody may read a public repository.
  expect(await may(stranger.login)).toEqual(known('read'))
  await addCollaborator(operator, repository, developer, 'read')
  expect(await may(developer.login)).toEqual(known('read'))
}
