import { expect, it } from 'vitest'
import { githubCalls } from '../../src/forge/github/calls.ts'
import { githubChecks } from '../../src/forge/github/checks.ts'
import { githubConversation } from '../../src/forge/github/conversation.ts'
import type { ForgeCall } from '../../src/forge/http/call.ts'
import { commitSha } from '../../src/preview/brand.ts'

const calls = githubCalls('https://github.com')
const talk = githubConversation.calls
const pull = { repository: 'acme/shop.js', number: 7 }
const remark = { ...pull, remark: 12 }
const dev = { id: 2, login: 'dev[bot]', bot: true }
const reaction = { id: 5, login: 'mayfly-bot', word: 'eyes', createdAt: new Date(0) }
const sha = commitSha('0123456789012345678901234567890123456789')
const status = { context: 'mayfly/shop', state: 'success', description: 'Ready', targetUrl: null } as const
const linked = { ...status, targetUrl: 'https://shop.acme.dev/?a=b&c=d' }
const base = 'repos/acme/shop.js'

/** Every route is asserted here as it goes over the wire: an update of the library must not move one unseen. */
it.each<[call: ForgeCall<unknown>, route: string, rest: Pick<ForgeCall<unknown>, 'query' | 'body'>]>([
  [calls.me(), 'GET user', {}],
  [calls.repository(pull.repository), `GET ${base}`, {}],
  [calls.mergeRequest(pull), `GET ${base}/pulls/7`, {}],
  [
    calls.openMergeRequests(pull.repository),
    `GET ${base}/pulls`,
    { query: { state: 'open', sort: 'created', direction: 'asc' } },
  ],
  [calls.changedFiles(pull), `GET ${base}/pulls/7/files`, {}],
  [calls.comments(pull), `GET ${base}/issues/7/comments`, {}],
  [
    calls.createComment(pull, 'Hi {owner}'),
    `POST ${base}/issues/7/comments`,
    { body: { body: 'Hi {owner}' } },
  ],
  [calls.editComment(pull, 12, ''), `PATCH ${base}/issues/comments/12`, { body: { body: '' } }],
  [calls.deleteComment(pull, 12), `DELETE ${base}/issues/comments/12`, {}],
  [calls.statuses(pull.repository, sha, 'mayfly/shop'), `GET ${base}/commits/${sha}/statuses`, {}],
  [
    calls.createStatus(pull.repository, sha, status, null),
    `POST ${base}/statuses/${sha}`,
    { body: { context: 'mayfly/shop', state: 'success', description: 'Ready' } },
  ],
  [
    calls.createStatus(pull.repository, sha, linked, null),
    `POST ${base}/statuses/${sha}`,
    {
      body: {
        context: 'mayfly/shop',
        state: 'success',
        description: 'Ready',
        target_url: 'https://shop.acme.dev/?a=b&c=d',
      },
    },
  ],
  [talk.remarks(pull), `GET ${base}/issues/7/comments`, {}],
  [talk.reactions(remark), `GET ${base}/issues/comments/12/reactions`, {}],
  [talk.addReaction(remark, '-1'), `POST ${base}/issues/comments/12/reactions`, { body: { content: '-1' } }],
  [talk.removeReaction(remark, reaction), `DELETE ${base}/issues/comments/12/reactions/5`, {}],
  [talk.permission(pull.repository, dev), `GET ${base}/collaborators/dev[bot]/permission`, {}],
])('$0.operation is $1', ({ method, path, query, body }, route, rest) => {
  expect({ route: `${method} ${path.join('/')}`, query, body }).toEqual({ route, ...rest })
})

it('asks about no repository that is not owner/name', () => {
  for (const repository of ['acme', 'acme/..', '../shop', 'acme/shop/x', 'acme/sh?op', '/shop', ''])
    expect(() => calls.repository(repository)).toThrow(
      'is no repository of a GitHub: write it as owner/name.',
    )
})

it('asks for what CI says of a commit by its full id, and for the newest check runs alone', () => {
  const lists = githubChecks.lists(pull.repository, sha, ['build'])
  expect(lists.map(({ call: { method, path, query } }) => [`${method} ${path.join('/')}`, query])).toEqual([
    [`GET ${base}/commits/${sha}/status`, undefined],
    [`GET ${base}/commits/${sha}/check-runs`, { filter: 'latest' }],
  ])
})

it('asks about no user whose name would lead to another place', () => {
  for (const login of ['..', '.', '', 'dev/../..', 'dev?x', 'dev\nx'])
    expect(() => talk.permission(pull.repository, { ...dev, login })).toThrow('as nobody can be called')
})
