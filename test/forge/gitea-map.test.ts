import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { mergeRequestOf } from '../../src/forge/gitea/map.ts'
import { GiteaPullRequest } from '../../src/forge/gitea/schema.ts'
import { RetryLater } from '../../src/preview/errors.ts'
import { decidesNothing } from './decides-nothing.ts'

const url = 'https://git.acme.dev'
const sha = 'a'.repeat(40)
const head = { label: 'cart', ref: 'cart', sha, repo: { id: 7 } }
const pull = GiteaPullRequest.parse({
  number: 3,
  title: 'Add a cart',
  state: 'open',
  merged: false,
  labels: [{ name: 'preview' }],
  base: { ref: 'main', repo: { id: 7, full_name: 'acme/shop' } },
  head,
})

describe('a pull request of a real Gitea', () => {
  /** Its webhooks carry the very object that its API gives. */
  function real(file: string) {
    const { body } = JSON.parse(
      readFileSync(new URL(`../webhook/payloads/gitea-real/${file}`, import.meta.url), 'utf8'),
    ) as { body: string }
    return mergeRequestOf(
      GiteaPullRequest.parse((JSON.parse(body) as { pull_request: unknown }).pull_request),
      url,
    )
  }

  it.each([
    ['opened.json', { state: 'open', draft: false, fork: false, labels: [] }],
    ['closed.json', { state: 'closed', fork: false }],
    ['merged.json', { state: 'merged', fork: false }],
    ['edited-draft.json', { state: 'open', draft: true }],
    ['opened-from-fork.json', { state: 'open', fork: true, sourceCloneUrl: `${url}/stranger/shop.git` }],
  ])('%s', (file, expected) => {
    const mergeRequest = real(file)
    expect(mergeRequest).toMatchObject(expected)
    expect(mergeRequest.repository).toMatchObject({ fullName: 'acme/shop', cloneUrl: `${url}/acme/shop.git` })
    expect(mergeRequest.url).toBe(`${url}/acme/shop/pulls/${mergeRequest.number}`)
    expect(mergeRequest.author.email).toMatch(/@noreply\.[\w.]+$/)
  })

  it('labels', () => {
    expect(real('label-cleared.json').labels).toEqual(['preview'])
  })
})

describe('where the code comes from', () => {
  it.each([
    ['the repository itself', head, false, 'cart'],
    ['the repository itself, its branch deleted', { ...head, ref: 'refs/pull/3/head' }, false, 'cart'],
    ['a fork', { ...head, repo: { id: 8 } }, true, 'cart'],
    ['a fork that is gone', { ...head, ref: 'refs/pull/3/head', repo: null }, null, 'cart'],
    [
      'a push for review by somebody who may not write (AGit)',
      { ...head, label: '', ref: 'refs/pull/3/head' },
      true,
      'pull/3/head',
    ],
  ])('%s', (_name, from, fork, branch) => {
    expect(mergeRequestOf({ ...pull, head: from }, url)).toMatchObject({ fork, branch })
  })
})

describe('law 3: without what decides about a preview an answer is odd', () => {
  it.each(['state', 'merged', 'labels', 'base', 'base.ref', 'base.repo', 'head', 'head.repo'])(
    '%s',
    (path) => {
      decidesNothing(pull, path, (answer) => mergeRequestOf(GiteaPullRequest.parse(answer), url))
    },
  )
})

describe('drafts', () => {
  it.each([
    [{ draft: true, title: 'Add a cart' }, true],
    [{ draft: false, title: 'Draft: the forge knows better' }, false],
    [{ title: 'WIP: a cart' }, true],
    [{ title: '[wip] a cart' }, true],
    [{ title: 'Draft: a cart' }, true],
    [{ title: 'Wipe the cart' }, false],
  ])('%j: %s', (fields, draft) => {
    expect(mergeRequestOf({ ...pull, ...fields }, url).draft).toBe(draft)
  })
})

describe('authors', () => {
  it.each([
    [
      { login: 'dev', full_name: 'A developer', email: '2+dev@noreply.git.acme.dev' },
      'A developer',
      '2+dev@noreply.git.acme.dev',
    ],
    [{ login: 'dev', email: 'dev@private.example.com' }, 'dev', 'dev@noreply.git.acme.dev'],
    [
      { login: 'b\u00f6se <x@y>', full_name: '  ', email: null },
      'b\u00f6se <x@y>',
      'b-se--x-y-@noreply.git.acme.dev',
    ],
    [null, 'ghost', 'ghost@noreply.git.acme.dev'],
  ])('%j', (user, name, email) => {
    expect(mergeRequestOf({ ...pull, user }, url).author).toMatchObject({ name, email })
  })
})

describe('the newest commit', () => {
  it('of one that has ended may be lost, of an open one never', () => {
    const lost = { ...pull, head: { ...head, sha: '' } }
    expect(mergeRequestOf({ ...lost, state: 'closed' }, url).sha).toBe('0'.repeat(40))
    expect(mergeRequestOf({ ...lost, merged: true }, url)).toMatchObject({
      state: 'merged',
      sha: '0'.repeat(40),
    })
    expect(() => mergeRequestOf(lost, url)).toThrow(RetryLater)
    expect(() => mergeRequestOf({ ...pull, head: { ...head, sha: 'main; rm' } }, url)).toThrow(RetryLater)
  })
})
