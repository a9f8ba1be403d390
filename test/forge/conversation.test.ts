import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Conversation, RemarkAuthor, RemarkMark } from '../../src/forge/conversation.ts'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'
import type { SandboxComment, SandboxUser } from '../../src/sandbox/forge/state.ts'
import { failingCells } from '../support/failing-cells.ts'
import type { Fault } from '../support/faults.ts'
import { userCalled } from '../support/forge-harness.ts'
import { adapterOf, marker, repository, useTestedForge } from '../support/tested-forge.ts'

const number = 2

describe.each(['gitea', 'github', 'gitlab'] as const)('%s', (kind) => {
  const at = useTestedForge(kind)
  const forge = (): Conversation => at().tested.forge
  const user = (login: string): SandboxUser => userCalled(at().sandbox, login)
  const say = (body: string, login = 'dev'): SandboxComment =>
    at().sandbox.actions.comment(repository, number, user(login), body)
  const targetOf = ({ id }: SandboxComment) => ({ repository, number, remark: id })
  const authorOf = ({ id, login }: SandboxUser): RemarkAuthor => ({ id, login, bot: false })
  const thumbsDown = kind === 'gitlab' ? 'thumbsdown' : '-1'
  /** Our own reactions, as the forge has them. */
  const ours = ({ reactions }: SandboxComment) =>
    reactions.filter((one) => one.user.login === 'mayfly-bot').map(({ word }) => word)

  describe('remarks', () => {
    it('are those of others, the oldest first, with who wrote them and when', async () => {
      const first = say('/preview redeploy')
      say(`${marker}\nours`, 'mayfly-bot')
      const second = say('Looks good')
      expect(await forge().listRemarks(repository, number)).toEqual([
        {
          id: first.id,
          author: authorOf(user('dev')),
          body: '/preview redeploy',
          createdAt: new Date(Date.UTC(2026, 0, 1) + first.id * 1000),
          edited: false,
        },
        expect.objectContaining({ id: second.id, body: 'Looks good' }),
      ])
    })

    it('law 4: are read to the last page', async () => {
      const ids = Array.from({ length: 205 }, (_, n) => say(`talk ${n}`).id)
      expect((await forge().listRemarks(repository, number)).map(({ id }) => id)).toEqual(ids)
    })

    it('come by age, in whatever order the forge tells them', async () => {
      const ids = [1, 2, 3].map((n) => say(`talk ${n}`).id)
      at()
        .sandbox.state.repositories[0]?.mergeRequests.find((one) => one.number === number)
        ?.comments.reverse()
      expect((await forge().listRemarks(repository, number)).map(({ id }) => id)).toEqual(ids)
    })

    it('that ask for nothing cost no look at their reactions', async () => {
      const comment = say('hello')
      at().sandbox.actions.react(repository, comment.id, user('dev'), 'heart')
      await forge().listRemarks(repository, number)
      const looks = at().proxy.requests.filter(({ path }) => path.includes(`/${comment.id}/`))
      expect(looks).toEqual([])
    })

    it('that were changed after they were written are told apart', async () => {
      const comment = say('hello')
      say('/preview evict')
      at().sandbox.actions.editComment(repository, comment.id, user('dev'), '/preview evict')
      expect((await forge().listRemarks(repository, number)).map(({ edited }) => edited)).toEqual([
        true,
        false,
      ])
    })

    it('that people and we react to are not changed by that', async () => {
      const comment = say('/preview evict')
      at().sandbox.actions.react(repository, comment.id, user('dev'), 'heart')
      await forge().setMark(targetOf(comment), 'seen')
      await forge().setMark(targetOf(comment), 'done')
      expect(await forge().listRemarks(repository, number)).toMatchObject([{ edited: false }])
    })

    it('that were changed and got a reaction before are changed', async () => {
      const comment = say('hello')
      const { actions, state } = at().sandbox
      actions.react(repository, comment.id, user('dev'), 'heart')
      state.nextId += 10
      actions.editComment(repository, comment.id, user('dev'), '/preview evict')
      expect(await forge().listRemarks(repository, number)).toMatchObject([{ edited: true }])
    })

    it('that were changed and got a reaction after are changed, unless a reaction counts as a change', async () => {
      const comment = say('hello')
      const { actions, state } = at().sandbox
      actions.editComment(repository, comment.id, user('dev'), '/preview evict')
      state.nextId += 10
      actions.react(repository, comment.id, user('dev'), 'heart')
      expect(await forge().listRemarks(repository, number)).toMatchObject([{ edited: kind !== 'gitlab' }])
    })

    it('are none on a merge request without comments', async () => {
      expect(await forge().listRemarks(repository, 3)).toEqual([])
    })

    it('of a merge request that is gone are asked for again, and of a repository that is gone stall', async () => {
      await expect(forge().listRemarks(repository, 99)).rejects.toBeInstanceOf(RetryLater)
      at().sandbox.state.repositories.length = 0
      await expect(forge().listRemarks(repository, number)).rejects.toBeInstanceOf(Stalled)
    })
  })

  describe('marks', () => {
    it.each(['seen', 'done', 'refused'] as const)('%s is written once, and read again', async (mark) => {
      const comment = say('/preview evict')
      expect(await forge().readMark(targetOf(comment))).toBeNull()
      await forge().setMark(targetOf(comment), mark)
      await forge().setMark(targetOf(comment), mark)
      expect(await forge().readMark(targetOf(comment))).toBe(mark)
      expect(ours(comment)).toEqual([{ seen: 'eyes', done: 'rocket', refused: thumbsDown }[mark]])
    })

    it('take the place of each other, and leave what others, and people with our name, say', async () => {
      const comment = say('/preview evict')
      const { actions } = at().sandbox
      for (const word of ['eyes', 'rocket']) actions.react(repository, comment.id, user('dev'), word)
      actions.react(repository, comment.id, user('mayfly-bot'), 'heart')
      for (const mark of ['seen', 'done', 'refused', 'done'] as const)
        await forge().setMark(targetOf(comment), mark)
      expect(ours(comment)).toEqual(['heart', 'rocket'])
      expect(comment.reactions.filter(({ user: { login } }) => login === 'dev')).toHaveLength(2)
    })

    it('of others are none', async () => {
      const comment = say('/preview evict')
      at().sandbox.actions.react(repository, comment.id, user('dev'), 'rocket')
      expect(await forge().readMark(targetOf(comment))).toBeNull()
    })

    it('are found among reactions of many pages', async () => {
      const comment = say('/preview evict')
      for (const word of ['heart', 'laugh', 'hooray', 'confused', '+1'])
        at().sandbox.actions.react(repository, comment.id, user('dev'), word)
      await forge().setMark(targetOf(comment), 'done')
      expect(await forge().readMark(targetOf(comment))).toBe('done')
    })

    it('law 6: never are missing in between: whoever is cut off leaves two, and the end of a command counts', async () => {
      const comment = say('/preview evict')
      await forge().setMark(targetOf(comment), 'seen')
      at().proxy.break({ fault: '503', when: ({ method }) => method === 'DELETE' })
      await expect(forge().setMark(targetOf(comment), 'refused')).rejects.toBeInstanceOf(RetryLater)
      expect(await forge().readMark(targetOf(comment))).toBe('refused')
      at().proxy.heal()
      await forge().setMark(targetOf(comment), 'refused')
      expect(ours(comment)).toEqual([thumbsDown])
    })

    it('of a comment that is deleted are none, and setting one does nothing', async () => {
      const comment = say('/preview evict')
      at().sandbox.actions.deleteComment(repository, comment.id, user('dev'))
      expect(await forge().readMark(targetOf(comment))).toBeNull()
      await forge().setMark(targetOf(comment), 'done')
      const writes = at().proxy.requests.filter(
        ({ method, path }) => method === 'POST' && path.includes(`/${comment.id}/`),
      )
      expect(writes).toEqual([])
    })

    it('law 3: of a repository that does not answer stall, and are not none', async () => {
      const comment = say('/preview evict')
      at().sandbox.state.repositories.length = 0
      await expect(forge().readMark(targetOf(comment))).rejects.toBeInstanceOf(Stalled)
      await expect(forge().setMark(targetOf(comment), 'done')).rejects.toBeInstanceOf(Stalled)
    })

    it('that are there a moment before ours, and comments that go in between, are no error', async () => {
      const { actions } = at().sandbox
      const comment = say('/preview evict')
      const isWrite = ({ method }: { readonly method: string }) => method === 'POST'
      at().proxy.meanwhile(isWrite, () => actions.react(repository, comment.id, user('mayfly-bot'), 'eyes'))
      await forge().setMark(targetOf(comment), 'seen')
      expect(ours(comment)).toEqual(['eyes'])
      at().proxy.meanwhile(isWrite, () => {
        actions.deleteComment(repository, comment.id, user('dev'))
      })
      await forge().setMark(targetOf(comment), 'done')
    })

    it('that our token may not set stall, and never pass for set', async () => {
      const comment = say('/preview evict')
      at().sandbox.actions.grant(repository, 'mayfly-bot', ['read'])
      const error: unknown = await forge()
        .setMark(targetOf(comment), 'done')
        .catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(Stalled)
      expect((error as Stalled).right).toMatch(/write|api/)
      expect(ours(comment)).toEqual([])
    })
  })

  describe('replies', () => {
    it('are one new comment of ours each', async () => {
      say(`${marker}\nours`, 'mayfly-bot')
      await forge().reply(repository, number, '<!-- mayfly-reply:default -->\nNo.')
      await forge().reply(repository, number, '<!-- mayfly-reply:default -->\nNo.')
      const pull = at().sandbox.state.repositories[0]?.mergeRequests.find((one) => one.number === number)
      expect(pull?.comments.map(({ author, body }) => [author.login, body.split('\n')[1]])).toEqual([
        ['mayfly-bot', 'ours'],
        ['mayfly-bot', 'No.'],
        ['mayfly-bot', 'No.'],
      ])
      expect(await forge().listRemarks(repository, number)).toEqual([])
    })

    it('that a locked conversation does not take are none', async () => {
      const pull = at().sandbox.state.repositories[0]?.mergeRequests.find((one) => one.number === number)
      if (pull !== undefined) pull.locked = true
      await forge().reply(repository, number, '<!-- mayfly-reply:default -->\nNo.')
      // Members may comment on a locked merge request of GitLab.
      expect(pull?.comments).toHaveLength(kind === 'gitlab' ? 1 : 0)
    })
  })

  describe('permissions', () => {
    const known = (permission: string) => ({ kind: 'known', permission })
    const bot = () => {
      at().sandbox.actions.permit(repository, 'mayfly-bot', 'admin')
    }
    const ask = (asked: RemarkAuthor) => forge().readPermission(repository, asked)

    it.each([
      ['admin', 'write'],
      ['write', 'write'],
      ['read', 'read'],
      ['none', 'none'],
    ] as const)('%s is %s', async (permission, expected) => {
      bot()
      at().sandbox.actions.permit(repository, 'dev', permission)
      expect(await ask(authorOf(user('dev')))).toEqual(known(expected))
      expect(await ask({ id: null, login: 'DEV', bot: false })).toEqual(known(expected))
    })

    it('are asked anew each time', async () => {
      bot()
      expect(await ask(authorOf(user('dev')))).toEqual(known('write'))
      at().sandbox.actions.permit(repository, 'dev', 'none')
      expect(await ask(authorOf(user('dev')))).toEqual(known('none'))
    })

    it('of somebody who is gone, or nobody, are none', async () => {
      bot()
      expect(await ask({ id: 4711, login: 'nobody', bot: false })).toEqual(known('none'))
      expect(await ask({ id: null, login: 'nobody', bot: false })).toEqual(known('none'))
    })

    it('of a login that two have decide nothing', async () => {
      bot()
      const users = at().sandbox.state.users as SandboxUser[]
      users.push({ ...user('dev'), id: 99, token: '' })
      const asked = ask({ id: null, login: 'dev', bot: false })
      if (kind === 'gitlab') await expect(asked).rejects.toThrow('several users of one login')
      else expect(await asked).toEqual(known('write'))
      users.pop()
    })

    it('of another account that has the login today are none of the one who had it', async () => {
      bot()
      const gone = { id: 4711, login: 'dev', bot: false }
      expect(await ask(gone)).toEqual(known('none'))
    })

    it('in a repository that is gone stall', async () => {
      at().sandbox.state.repositories.length = 0
      await expect(ask(authorOf(user('dev')))).rejects.toBeInstanceOf(Stalled)
    })

    it(
      kind === 'gitea' ? 'are unknown to a bot that is no administrator' : 'are known to every bot',
      async () => {
        at().sandbox.actions.permit(repository, 'mayfly-bot', 'write')
        const reading = await ask(authorOf(user('dev')))
        if (kind === 'gitea')
          expect(reading).toMatchObject({
            kind: 'unknown',
            why: expect.stringMatching(/Administrator on the repository.*commands\.allow/) as string,
          })
        else expect(reading).toEqual(known('write'))
      },
    )
  })

  const deeds: Readonly<Record<keyof Conversation, (it: Conversation, remark: number) => Promise<unknown>>> =
    {
      listRemarks: (it) => it.listRemarks(repository, number),
      readMark: (it, remark) => it.readMark({ repository, number, remark }),
      setMark: (it, remark) => it.setMark({ repository, number, remark }, 'done'),
      reply: (it) => it.reply(repository, number, '<!-- mayfly-reply:default -->\nNo.'),
      readPermission: (it) => it.readPermission(repository, { id: null, login: 'dev', bot: false }),
    }

  describe.each(Object.keys(deeds) as (keyof Conversation)[])('laws 3 and 4: %s', (member) => {
    const passing: readonly Fault[] = [
      '500',
      '502 HTML',
      '503 with Retry-After',
      'HTML with 200',
      'empty object with 200',
      'empty body with 200',
      'truncated JSON',
      'body cut short',
      'reset',
      '403 secondary limit',
      '429 with Retry-After',
    ]

    it('an answer that is none, or an odd one, decides nothing', async () => {
      const failing = await failingCells(passing, async (fault) => {
        at().renew()
        const comment = say('/preview evict')
        at().sandbox.actions.permit(repository, 'mayfly-bot', 'admin')
        at().proxy.break({ fault })
        await expect(deeds[member](forge(), comment.id)).rejects.toBeInstanceOf(RetryLater)
        at().proxy.heal()
        await deeds[member](forge(), comment.id)
      })
      expect(failing).toEqual([])
    })

    it('an odd answer to the last of its questions decides nothing either', async () => {
      const comment = say('/preview evict')
      at().sandbox.actions.permit(repository, 'mayfly-bot', 'admin')
      // The own name is known from here on.
      await forge().listRemarks(repository, number)
      at().proxy.break({ fault: 'empty object with 200' })
      await expect(deeds[member](forge(), comment.id)).rejects.toBeInstanceOf(RetryLater)
    })

    it('law 10: a wrong token stalls, and says what it needs without showing it', async () => {
      const comment = say('/preview evict')
      const wrong = adapterOf(kind, at().sandbox.url, { token: 'canary-wrong-1d9a' })
      const error: unknown = await deeds[member](wrong.forge, comment.id).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(Stalled)
      expect((error as Stalled).right).not.toBeNull()
      expect(inspect(error)).toContain('put it into the configuration of forge acme-git')
      expect(inspect(error) + wrong.log.text()).not.toContain('canary-wrong-1d9a')
    })
  })

  it('law 4: a fault on any page of the remarks is an error, never a shorter list', async () => {
    for (let n = 1; n <= 5; n++) say(`talk ${n}`)
    for (const page of [1, 2, 3]) {
      at().proxy.break({ fault: '503', when: (asked) => asked.page === page })
      await expect(forge().listRemarks(repository, number)).rejects.toBeInstanceOf(RetryLater)
      at().proxy.heal()
    }
    expect(await forge().listRemarks(repository, number)).toHaveLength(5)
  })

  it('a hanging forge is given up', async () => {
    const comment = say('/preview evict')
    at().proxy.break({ fault: 'hang' })
    const { forge: impatient } = at().impatient(200)
    await expect(impatient.readMark(targetOf(comment))).rejects.toBeInstanceOf(RetryLater)
  })

  it('every mark has a word of its own', async () => {
    const comment = say('/preview evict')
    const seen: string[] = []
    for (const mark of ['seen', 'done', 'refused'] satisfies RemarkMark[]) {
      await forge().setMark(targetOf(comment), mark)
      seen.push(...ours(comment))
    }
    expect(new Set(seen).size).toBe(3)
  })
})
