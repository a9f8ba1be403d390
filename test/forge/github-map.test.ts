import examples from '@octokit/webhooks-examples' with { type: 'json' }
import { describe, expect, it } from 'vitest'
import { readMergeRequestOf } from '../../src/forge/github/map.ts'
import { GithubPullRequest } from '../../src/forge/github/schema.ts'
import { RetryLater } from '../../src/preview/errors.ts'
import { decidesNothing } from './decides-nothing.ts'

const url = 'https://github.com'

/** GitHub's published webhooks carry the very object that its API gives. */
const published = (examples as unknown as readonly { readonly name: string; readonly examples: unknown }[])
  .filter(({ name }) => name === 'pull_request')
  .flatMap(({ examples: all }) => all as readonly { readonly pull_request: Record<string, unknown> }[])
  .map(({ pull_request }) => pull_request)

const pull = GithubPullRequest.parse({
  number: 3,
  title: 'Add a cart',
  state: 'open',
  merged: false,
  draft: false,
  locked: false,
  changed_files: 2,
  user: { id: 1, login: 'dev', type: 'User' },
  labels: [{ name: 'preview' }],
  base: { ref: 'main', repo: { id: 7, full_name: 'acme/shop' } },
  head: { ref: 'cart', sha: 'a'.repeat(40), repo: { id: 7 } },
})

const read = (change: object = {}) => readMergeRequestOf({ ...pull, ...change }, url).mergeRequest

it('reads every published pull request', () => {
  expect(published.length).toBeGreaterThan(20)
  for (const body of published) {
    const { mergeRequest } = readMergeRequestOf(GithubPullRequest.parse(body), url)
    expect(mergeRequest).toMatchObject({ number: body['number'], title: body['title'] })
    expect(mergeRequest.url).toBe(String(body['html_url']))
    expect(mergeRequest.repository.cloneUrl).toBe(
      (body['base'] as { repo: { clone_url: string } }).repo.clone_url,
    )
  }
})

describe('law 3: without what decides about a preview an answer is odd', () => {
  it.each([
    'state',
    'merged',
    'draft',
    'labels',
    'base',
    'base.ref',
    'base.repo',
    'head',
    'head.repo',
    'user.type',
  ])('%s', (path) => {
    decidesNothing(pull, path, (answer) => readMergeRequestOf(GithubPullRequest.parse(answer), url))
  })
})

describe('a pull request in our words', () => {
  it('says who wrote it, with the address that GitHub itself gives', () => {
    expect(read().author).toEqual({
      login: 'dev',
      name: 'dev',
      email: '1+dev@users.noreply.github.com',
      bot: false,
    })
    const bot = { id: 49699333, login: 'dependabot[bot]', type: 'Bot' }
    expect(read({ user: bot }).author).toMatchObject({
      bot: true,
      email: '49699333+dependabot[bot]@users.noreply.github.com',
    })
    expect(read({ user: null }).author.login).toBe('ghost')
    const enterprise = readMergeRequestOf(pull, 'https://github.acme.dev').mergeRequest
    expect(enterprise.author.email).toBe('1+dev@users.noreply.github.acme.dev')
    expect(enterprise.repository.cloneUrl).toBe('https://github.acme.dev/acme/shop.git')
  })

  it('is a fork when its head is another repository, or one that is gone', () => {
    expect(read().fork).toBe(false)
    expect(read({ head: { ...pull.head, repo: { id: 8 } } }).fork).toBe(true)
    expect(read({ head: { ...pull.head, repo: null } }).fork).toBe(null)
    const repo = { id: 8, full_name: 'ada/shop' }
    expect(read({ head: { ...pull.head, repo } }).sourceCloneUrl).toBe(
      `${new URL(read().repository.cloneUrl).origin}/ada/shop.git`,
    )
    expect(read().sourceCloneUrl).toBeUndefined()
  })

  it('was merged or was closed: GitHub calls both closed', () => {
    expect(read({ state: 'closed', merged: true }).state).toBe('merged')
    expect(read({ state: 'closed' }).state).toBe('closed')
  })

  it('law 3: without a full commit id it is an odd answer', () => {
    expect(() => read({ head: { ...pull.head, sha: 'abc' } })).toThrow(RetryLater)
  })

  it('takes no URL from the answer', () => {
    const lying = { ...pull, html_url: 'https://evil.example.com', url: 'https://evil.example.com' }
    expect(JSON.stringify(readMergeRequestOf(lying, url))).not.toContain('evil')
  })
})
