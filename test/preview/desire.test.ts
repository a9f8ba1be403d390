import { describe, expect, it } from 'vitest'
import type { When } from '../../src/preview/application.ts'
import { desire, sameDesire } from '../../src/preview/desire.ts'
import { whyNotEligible } from '../../src/preview/eligible.ts'
import { matchesGlob } from '../../src/preview/glob.ts'
import { aMergeRequest, anApplication, shaB } from './fixtures.ts'

const everyone: When = { labels: { any: [], all: [], none: [] }, targetBranches: [], drafts: true }

describe('who gets a preview', () => {
  it('every open merge request that is not from a fork, drafts included, when nothing is said', () => {
    expect(whyNotEligible(everyone, aMergeRequest({ draft: true }))).toBeNull()
    expect(whyNotEligible(everyone, aMergeRequest({ fork: true }))).toMatch(/fork/)
  })

  it.each([
    [{ any: ['preview', 'qa'] }, ['qa'], null],
    [{ any: ['preview', 'qa'] }, [], 'it has none of the labels preview, qa'],
    [{ all: ['preview', 'qa'] }, ['qa'], 'it does not have the label preview'],
    [{ all: ['preview', 'qa'] }, ['qa', 'preview'], null],
    [{ none: ['no-preview'] }, ['no-preview'], 'it has the label no-preview'],
    [{ none: ['no-preview'] }, [], null],
  ])('labels %j with %j', (rule, labels, expected) => {
    const when = { ...everyone, labels: { ...everyone.labels, ...rule } }
    expect(whyNotEligible(when, aMergeRequest({ labels }))).toBe(expected)
  })

  it('drafts and target branches can be left out', () => {
    expect(whyNotEligible({ ...everyone, drafts: false }, aMergeRequest({ draft: true }))).toMatch(/draft/)
    const when = { ...everyone, targetBranches: ['main', 'release/*'] }
    expect(whyNotEligible(when, aMergeRequest({ targetBranch: 'release/1.2' }))).toBeNull()
    expect(whyNotEligible(when, aMergeRequest({ targetBranch: 'release/1/2' }))).toMatch(/target branch/)
  })

  it.each([
    ['main', 'main', true],
    ['main', 'mainline', false],
    ['*', 'main', true],
    ['*', 'a/b', false],
    ['**', 'a/b', true],
    ['release/**', 'release/1/2', true],
    ['**/fix', 'a/b/fix', true],
    ['**/fix', 'fix', true],
    ['v?', 'v1', true],
    ['v?', 'v/', false],
    ['a.b', 'axb', false],
    ['(a|b)+', 'a', false],
    ['[a]', 'a', false],
  ])('glob %s on %s is %s', (glob, text, expected) => {
    expect(matchesGlob(glob, text)).toBe(expected)
  })
})

describe('law 3: only a positive answer asks for an end', () => {
  it('an open, eligible merge request is wanted; merged, closed, gone and not eligible ones are not', () => {
    const of = (change: Parameters<typeof aMergeRequest>[0]) =>
      desire(anApplication(), { kind: 'found', mergeRequest: aMergeRequest(change) })
    expect(of({}).kind).toBe('present')
    expect(of({ state: 'merged' })).toMatchObject({ kind: 'absent', cause: 'merged' })
    expect(of({ state: 'closed' })).toMatchObject({ kind: 'absent', cause: 'closed' })
    expect(of({ fork: true })).toMatchObject({ kind: 'absent', cause: 'not-eligible' })
    const { repository } = aMergeRequest()
    expect(desire(anApplication(), { kind: 'gone', repository })).toMatchObject({
      kind: 'absent',
      cause: 'gone',
    })
  })

  it('a second answer is the same wish only for the same commit', () => {
    const one = desire(anApplication(), { kind: 'found', mergeRequest: aMergeRequest() })
    const pushed = desire(anApplication(), { kind: 'found', mergeRequest: aMergeRequest({ sha: shaB }) })
    const closed = desire(anApplication(), {
      kind: 'found',
      mergeRequest: aMergeRequest({ state: 'closed' }),
    })
    expect(sameDesire(one, one)).toBe(true)
    expect(sameDesire(one, pushed)).toBe(false)
    expect(sameDesire(one, closed)).toBe(false)
    expect(sameDesire(closed, closed)).toBe(true)
  })
})
