import { describe, expect, it } from 'vitest'
import { desiredState, sameDesiredState } from '../../src/preview/desired-state.ts'
import { whyNotEligible } from '../../src/preview/eligible.ts'
import { aMergeRequest, anApplication, everyone, shaB } from './fixtures.ts'

describe('who gets a preview', () => {
  it('every open merge request that is not from a fork, drafts included, when nothing is said', () => {
    expect(whyNotEligible(everyone, aMergeRequest({ draft: true }), null)).toBeNull()
    expect(whyNotEligible(everyone, aMergeRequest({ fork: true }), null)).toMatch(/fork/)
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
    expect(whyNotEligible(when, aMergeRequest({ labels }), null)).toBe(expected)
  })

  it('a label is the same label in another case where the forge says so, and however its letters are put together', () => {
    const when = { ...everyone, labels: { any: ['preview'], all: ['caf\u00e9'], none: ['no-preview'] } }
    const labels = ['Preview', 'cafe\u0301']
    expect(whyNotEligible(when, aMergeRequest({ labels, labelsIgnoreCase: true }), null)).toBeNull()
    expect(whyNotEligible(when, aMergeRequest({ labels, labelsIgnoreCase: false }), null)).toMatch(/none of/)
    const refused = aMergeRequest({ labels: [...labels, 'NO-preview'], labelsIgnoreCase: true })
    expect(whyNotEligible(when, refused, null)).toBe('it has the label no-preview')
  })

  it('drafts and target branches can be left out', () => {
    expect(whyNotEligible({ ...everyone, drafts: false }, aMergeRequest({ draft: true }), null)).toMatch(
      /draft/,
    )
    const when = { ...everyone, targetBranches: ['main', 'release/*'] }
    expect(whyNotEligible(when, aMergeRequest({ targetBranch: 'release/1.2' }), null)).toBeNull()
    expect(whyNotEligible(when, aMergeRequest({ targetBranch: 'release/1/2' }), null)).toMatch(
      /target branch/,
    )
  })

  it('bots can be left out', () => {
    const bot = { login: 'renovate[bot]', name: 'Renovate', email: 'bot@noreply.acme.dev', bot: true }
    expect(whyNotEligible(everyone, aMergeRequest({ author: bot }), null)).toBeNull()
    const when = { ...everyone, bots: false }
    expect(whyNotEligible(when, aMergeRequest({ author: bot }), null)).toBe('its author is a bot')
    expect(whyNotEligible(when, aMergeRequest(), null)).toBeNull()
  })

  it.each([
    [['web/src/a.ts'], null],
    [['docs/a.md', 'web/a'], null],
    [['package.json'], null],
    [['webb/a', 'web', 'api/web/a'], 'it changes none of web/**, package.json'],
    [[], 'it changes none of web/**, package.json'],
  ])('paths: changing %j', (files, expected) => {
    const when = { ...everyone, paths: ['web/**', 'package.json'] }
    expect(whyNotEligible(when, aMergeRequest(), files)).toBe(expected)
  })

  it("files that were not asked for, or that no path is named for, stand in nobody's way", () => {
    expect(whyNotEligible({ ...everyone, paths: ['web/**'] }, aMergeRequest(), null)).toBeNull()
    expect(whyNotEligible(everyone, aMergeRequest(), [])).toBeNull()
  })

  it('a fork is refused for being one, whatever it changes', () => {
    const when = { ...everyone, paths: ['web/**'] }
    expect(whyNotEligible(when, aMergeRequest({ fork: true }), ['web/a'])).toMatch(/fork/)
  })
})

describe('law 3: only a positive answer asks for an end', () => {
  it('an open, eligible merge request is wanted; merged, closed, gone and not eligible ones are not', () => {
    const of = (change: Parameters<typeof aMergeRequest>[0]) =>
      desiredState(anApplication(), { kind: 'found', mergeRequest: aMergeRequest(change) }, null)
    expect(of({}).kind).toBe('present')
    expect(of({ state: 'merged' })).toMatchObject({ kind: 'absent', cause: 'merged' })
    expect(of({ state: 'closed' })).toMatchObject({ kind: 'absent', cause: 'closed' })
    expect(of({ fork: true })).toMatchObject({ kind: 'absent', cause: 'not-eligible' })
    const { repository } = aMergeRequest()
    expect(desiredState(anApplication(), { kind: 'gone', repository }, null)).toMatchObject({
      kind: 'absent',
      cause: 'gone',
    })
  })

  it('a second answer is the same wish only for the same commit', () => {
    const one = desiredState(anApplication(), { kind: 'found', mergeRequest: aMergeRequest() }, null)
    const pushed = desiredState(
      anApplication(),
      { kind: 'found', mergeRequest: aMergeRequest({ sha: shaB }) },
      null,
    )
    const closed = desiredState(
      anApplication(),
      {
        kind: 'found',
        mergeRequest: aMergeRequest({ state: 'closed' }),
      },
      null,
    )
    expect(sameDesiredState(one, one)).toBe(true)
    expect(sameDesiredState(one, pushed)).toBe(false)
    expect(sameDesiredState(one, closed)).toBe(false)
    expect(sameDesiredState(closed, closed)).toBe(true)
  })
})
