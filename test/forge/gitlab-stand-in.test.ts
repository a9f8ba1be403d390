import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { secret } from '../../src/config/secret.ts'
import { gitlabWebhook } from '../../src/forge/gitlab/webhook.ts'
import { Stalled } from '../../src/preview/errors.ts'
import { userCalled } from '../support/forge-harness.ts'
import { createTestGitlab, startTestGitlab } from '../support/gitlab-harness.ts'

describe('the stand-in for GitLab', () => {
  it('law 10: refuses a wrong token, which is not shown', async () => {
    const { sandbox } = await startTestGitlab()
    const wrong = createTestGitlab(sandbox.url, { token: 'canary-wrong-1d9a' })
    const error: unknown = await wrong.forge
      .readMergeRequest('acme/shop', 1)
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Stalled)
    expect(inspect(error) + wrong.log.text()).not.toContain('canary-wrong-1d9a')
    await sandbox.close()
  })

  it('takes every parameter that it does not know for a mistake', async () => {
    const { dialect, sandbox } = await startTestGitlab()
    const headers = { authorization: `Bearer ${userCalled(sandbox, 'dev').token}` }
    const status = async (path: string) => (await fetch(`${sandbox.api}${path}`, { headers })).status
    const list = '/projects/acme%2Fshop/merge_requests'
    expect(await status(`${list}?state=open`)).toBe(400)
    expect(await status(`${list}?per_page=0`)).toBe(400)
    expect(dialect.problems).toEqual([])
    expect(await status(`${list}?status=opened`)).toBe(200)
    expect(dialect.problems).toHaveLength(1)
    expect(await status('/projects/acme/shop')).toBe(404)
    expect(await status('/projects/shop')).toBe(404)
    expect(sandbox.unknownRequests).toEqual(['GET /api/v4/projects/acme/shop'])
    await sandbox.close()
  })

  it.each([
    ['secret token', 'secret-of-the-webhook-8c1f'],
    ['signing token', 'secret-of-the-webhook-8c1f'],
    ['signing token', `whsec_${Buffer.from('signing-token-of-the-webhook').toString('base64')}`],
  ] as const)('tells of what happens, proven by a %s', async (proof, text) => {
    const { dialect, sandbox } = await startTestGitlab({ gitlab: { proof } })
    const { number } = sandbox.actions.openMergeRequest('acme/shop', {
      branch: 'cart',
      author: userCalled(sandbox, 'dev'),
    })
    const [repository] = sandbox.state.repositories
    const mergeRequest = repository?.mergeRequests.find((one) => one.number === number)
    if (repository === undefined || mergeRequest === undefined) throw new Error('nothing was opened')
    const told = { repository, mergeRequest, actor: mergeRequest.author }
    const now = new Date('2026-11-21T10:00:00Z')
    const before = '1'.repeat(40)
    const events = [
      [{ ...told, kind: 'opened' }, 'opened'],
      [{ ...told, kind: 'pushed', before }, 'pushed'],
      [{ ...told, kind: 'labelled', added: ['a'], removed: [] }, 'labelled'],
      [{ ...told, kind: 'edited', before: { title: 'x', targetBranch: null, draft: null } }, 'edited'],
      [{ ...told, kind: 'closed' }, 'closed'],
      [{ ...told, kind: 'reopened' }, 'reopened'],
      [{ ...told, kind: 'merged' }, 'merged'],
    ] as const
    for (const [event, expected] of events) {
      const [message] = dialect.webhooks.messages(event as never, { url: sandbox.url })
      if (message === undefined) throw new Error(`nothing is told of ${expected}`)
      const headers = dialect.webhooks.headers(message, { secret: text, id: 'a-uuid', now })
      const bytes = Buffer.from(message.body)
      expect(gitlabWebhook.objection({ headers, bytes }, [secret(text)], now)).toBeNull()
      expect(gitlabWebhook.read(headers, JSON.parse(message.body))).toMatchObject({
        kind: 'event',
        event: expected,
        number,
        repository: { id: String(repository.id), fullName: 'acme/shop' },
      })
    }
    await sandbox.close()
  })
})
