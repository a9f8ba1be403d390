import { expect } from 'vitest'
import { z } from 'zod'
import { eventually } from '../../support/eventually.ts'
import { callGitea } from './call-gitea.ts'
import type { GiteaAccount } from './gitea-account.ts'
import type { GiteaServer } from './gitea.ts'
import { addComment, readComments } from './gitea-pull-request.ts'

export interface Said {
  readonly repository: string
  readonly number: number
  readonly by: GiteaAccount
  readonly text: string
  /** The reaction that the bot ends with. */
  readonly answer: 'rocket' | '-1'
}

/** Writes a comment, and waits until the bot has marked it. Gives what it replied last; empty when it replied nothing. */
export async function say(
  gitea: GiteaServer,
  { repository, number, by, text, answer }: Said,
): Promise<string> {
  const id = await addComment(by, repository, number, text)
  const reactions = `/repos/${repository}/issues/comments/${id}/reactions`
  await eventually(
    async () => {
      const found = z.array(reaction).parse((await callGitea(gitea.operator, 'GET', reactions)) ?? [])
      expect(found).toEqual([{ content: answer, user: { login: gitea.bot.login } }])
    },
    { withinMs: 60_000, everyMs: 200 },
  )
  const replies = (await readComments(gitea.operator, repository, number)).filter(
    (comment) => comment.id > id && comment.body.startsWith('<!-- mayfly:reply -->'),
  )
  return replies.at(-1)?.body ?? ''
}

const reaction = z.object({ content: z.string(), user: z.object({ login: z.string() }) })
