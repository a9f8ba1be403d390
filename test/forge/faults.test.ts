import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'
import { failingCells } from '../support/failing-cells.ts'
import { type Fault, faults } from '../support/faults.ts'
import { sandboxToken } from '../support/forge-harness.ts'
import { questionOf } from '../support/forge-questions.ts'
import { comment, requestsOf, type TestedRequest } from '../support/forge-requests.ts'
import {
  adapterOf,
  marker,
  repository,
  sha,
  type TestedForge,
  useTestedForge,
} from '../support/tested-forge.ts'
import { isUnseen } from '../support/unseen-faults.ts'

const stalling: readonly Fault[] = ['301 elsewhere', '401', '403', '404']
/** How long the forge asks to wait, in ms; a minute where it does not say. */
const asking: Readonly<Partial<Record<Fault, number>>> = {
  '503 with Retry-After': 17_000,
  '403 with Retry-After': 17_000,
  '403 with spent budget': 17_000,
  '429 with Retry-After': 17_000,
  '403 secondary limit': 60_000,
  '429': 60_000,
  '422 abuse': 60_000,
}
/** Where a 404 says that there is nothing to write to, which the repository then confirms. */
const missing: Readonly<Record<string, string>> = {
  'list comments, page 1': 'skipped',
  'list comments once more': 'created',
  'list statuses, page 1': 'skipped',
}

describe.each(['gitea', 'github', 'gitlab'] as const)('%s', (kind) => {
  const at = useTestedForge(kind)

  function broken(request: TestedRequest, fault: Fault, times = Number.POSITIVE_INFINITY): TestedForge {
    const seen = { hits: 0 }
    const when: Parameters<TestedForge['proxy']['break']>[0]['when'] = (asked) => {
      const question = questionOf(kind, asked)
      if (question === null || !request.hits(question)) return false
      seen.hits += 1
      return seen.hits > request.spared
    }
    at().proxy.break({ fault, when, times })
    return at()
  }

  async function outcome(request: TestedRequest, fault: Fault, times?: number): Promise<unknown> {
    const { tested, impatient } = broken(request, fault, times)
    const { forge } = fault === 'hang' ? impatient(200) : tested
    return request.run(forge).catch((error: unknown) => error)
  }

  describe.each(requestsOf(kind))('laws 3 and 4: $name', (request) => {
    const seen = faults.filter((fault) => fault !== '404' && !isUnseen(kind, request, fault))
    const unseen = faults.filter((fault) => isUnseen(kind, request, fault))

    it('a fault is an error, never an answer', async () => {
      const failing = await failingCells(seen, async (fault) => {
        at().renew()
        const error = await outcome(request, fault)
        expect(error).toBeInstanceOf(stalling.includes(fault) ? Stalled : RetryLater)
        const asked = asking[fault]
        if (error instanceof RetryLater && asked !== undefined)
          expect(Math.abs((error.retryAfterMs ?? 0) - asked)).toBeLessThan(3_000)
        const shown = [inspect(error, { depth: null }), at().tested.log.text()].join('\n')
        expect(shown).toContain('acme')
        expect(shown).not.toContain(sandboxToken)
      })
      expect(failing).toEqual([])
    })

    if (unseen.length > 0)
      it('a fault that cannot be seen makes no merge request gone', async () => {
        const failing = await failingCells(unseen, async (fault) => {
          at().renew()
          const { forge } = broken(request, fault).tested
          await request.run(forge)
          expect(await forge.readMergeRequest(repository, 1)).toMatchObject({ kind: 'found' })
          at().proxy.heal()
          expect((await forge.listOpenMergeRequests(repository)).numbers).toHaveLength(5)
        })
        expect(failing).toEqual([])
      })

    it('404 is an error, or says that nothing is there', async () => {
      const result = await outcome(request, '404')
      const answer = missing[request.name]
      if (answer !== undefined) expect(result).toBe(answer)
      else expect(result instanceof Stalled || result instanceof RetryLater).toBe(true)
    })

    it('works again by itself once the fault is over', async () => {
      expect(await outcome(request, '503', 1)).toBeInstanceOf(RetryLater)
      expect(await request.run(at().tested.forge)).toBeTruthy()
    })
  })

  describe('law 3: what makes a merge request gone', () => {
    const read = (number: number) => at().tested.forge.readMergeRequest(repository, number)
    const isFirst = (asked: Parameters<typeof questionOf>[1]) => {
      const question = questionOf(kind, asked)
      return question?.operation === 'read merge request' && question.about === '1'
    }

    it('is a 404 on it while its repository and its list answer', async () => {
      expect(await read(99)).toMatchObject({ kind: 'gone', repository: { fullName: repository } })
    })

    it('is not a 404 on one that the list shows as open', async () => {
      at().proxy.break({ fault: '404', when: isFirst })
      await expect(read(1)).rejects.toMatchObject({ name: 'RetryLater' })
    })

    it('is not a 404 on every one, as when merge requests are switched off or hidden from the token', async () => {
      for (const shop of at().sandbox.state.repositories) shop.mergeRequestsEnabled = false
      await expect(read(1)).rejects.toMatchObject({ name: 'Stalled' })
      await expect(read(99)).rejects.toMatchObject({ name: 'Stalled' })
      await expect(at().tested.forge.listOpenMergeRequests(repository)).rejects.toMatchObject({
        name: 'Stalled',
      })
    })

    it('is not a 404 on its repository', async () => {
      at().sandbox.state.repositories.length = 0
      await expect(read(1)).rejects.toMatchObject({ name: 'Stalled' })
    })

    it('is not an answer about another merge request', async () => {
      at().proxy.break({ fault: 'another merge request', when: isFirst })
      await expect(read(1)).rejects.toThrow('answered with merge request 2')
    })
  })

  describe('law 4: a list that moves while it is read', () => {
    const list = () => at().tested.forge.listOpenMergeRequests(repository)
    const isSecondPage = (asked: Parameters<typeof questionOf>[1]) => {
      const question = questionOf(kind, asked)
      return question?.operation === 'list open merge requests' && question.page === 2
    }
    /** GitHub does not count: what closes meanwhile is told by its own event, or by the next sweep. */
    const counts = kind !== 'github'

    it('never gives a part of it as all when a merge request is closed between two pages', async () => {
      at().proxy.meanwhile(isSecondPage, () => {
        at().sandbox.actions.setState(repository, kind === 'gitea' ? 5 : 1, 'closed')
      })
      if (counts) await expect(list()).rejects.toMatchObject({ name: 'RetryLater' })
      else expect((await list()).numbers).toEqual([1, 2, 4, 5])
      expect((await list()).numbers).toHaveLength(4)
    })

    it('never gives one twice when one is opened between two pages', async () => {
      const { proxy, sandbox } = at()
      proxy.meanwhile(isSecondPage, () => {
        const [author] = sandbox.state.users
        if (author !== undefined) sandbox.actions.openMergeRequest(repository, { branch: 'late', author })
      })
      if (counts) await expect(list()).rejects.toMatchObject({ name: 'RetryLater' })
      else expect((await list()).numbers).toEqual([1, 2, 3, 4, 5, 6])
    })
  })

  it('law 10: a wrong token stalls and says what to do, without showing it', async () => {
    const wrong = adapterOf(kind, at().sandbox.url, { token: 'canary-wrong-1d9a' })
    const error: unknown = await wrong.forge
      .readMergeRequest(repository, 1)
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Stalled)
    expect(inspect(error)).toContain('put it into the configuration of forge acme-git')
    expect(inspect(error) + wrong.log.text()).not.toContain('canary-wrong-1d9a')
  })

  it('two that create the comment at the same moment end with one, of the newest text', async () => {
    const { proxy, sandbox, tested } = at()
    const publish = () => tested.forge.publishComment({ repository, number: 2 }, comment)
    proxy.meanwhile(
      (asked) => questionOf(kind, asked)?.operation === 'create comment',
      () => {
        const [bot] = sandbox.state.users
        if (bot !== undefined) sandbox.actions.comment(repository, 2, bot, `${marker}\nfrom another replica`)
      },
    )
    expect(await publish()).toBe('unfinished')
    expect(await publish()).toBe('unfinished')
    expect(await publish()).toBe('edited')
    const pull = sandbox.state.repositories[0]?.mergeRequests.find(({ number }) => number === 2)
    expect(pull?.comments.map(({ body }) => body)).toEqual([comment.body])
  })
})

describe('github: what is known of an answer by its tag', () => {
  const at = useTestedForge('github')
  const read = ({ forge } = at().tested) => forge.readMergeRequest(repository, 1)
  const list = ({ forge } = at().tested) => forge.listOpenMergeRequests(repository)
  const adapter = (fault: Fault) => (fault === 'hang' ? at().impatient(1_000) : at().tested)
  const lastTag = () => at().proxy.requests.at(-1)?.tag ?? null

  it('law 3: a fault is not made good by it, and does not spoil it', async () => {
    const asked = faults.filter((fault) => fault !== '304 unasked')
    const failing = await failingCells(asked, async (fault) => {
      at().renew()
      const { proxy, sandbox } = at()
      const given = adapter(fault)
      const first = await read(given)
      proxy.break({ fault })
      await expect(read(given)).rejects.toThrow()
      proxy.heal()
      expect(await read(given)).toEqual(first)
      expect(lastTag()).not.toBeNull()
      proxy.break({ fault })
      const pushed = sandbox.actions.push(repository, 1)
      await expect(read(given)).rejects.toThrow()
      proxy.heal()
      expect(await read(given)).toMatchObject({ mergeRequest: { sha: pushed } })
    })
    expect(failing).toEqual([])
  })

  it('law 4: of an answer that cannot be read nothing is remembered', async () => {
    const unread = ['truncated JSON', 'body cut short', 'HTML with 200', 'empty object with 200'] as const
    const failing = await failingCells(unread, async (fault) => {
      at().renew()
      const { proxy } = at()
      proxy.break({ fault })
      await expect(read()).rejects.toThrow()
      proxy.heal()
      expect(await read()).toMatchObject({ mergeRequest: { sha } })
      expect(lastTag()).toBeNull()
    })
    expect(failing).toEqual([])
  })

  it('law 4: a list is whole again after a fault on one of its pages', async () => {
    const failing = await failingCells(faults, async (fault) => {
      at().renew()
      const { proxy, sandbox } = at()
      const given = adapter(fault)
      await list(given)
      proxy.break({ fault, when: ({ page }) => page === 2 })
      await list(given).catch(() => undefined)
      sandbox.actions.setState(repository, 3, 'closed')
      await list(given).catch(() => undefined)
      proxy.heal()
      expect((await list(given)).numbers).toEqual([1, 2, 4, 5])
      expect((await list(given)).numbers).toEqual([1, 2, 4, 5])
    })
    expect(failing).toEqual([])
  })

  it('law 3: a 304 that nobody asked for is an error', async () => {
    at().proxy.break({ fault: '304 unasked' })
    await expect(read()).rejects.toMatchObject({ name: 'RetryLater' })
  })
})
