import { describe, expect, it } from 'vitest'
import type { When } from '../../src/preview/application.ts'
import { whyNotEligible } from '../../src/preview/eligible.ts'
import type { MergeRequest } from '../../src/preview/merge-request.ts'
import { aMergeRequest, everyone } from './fixtures.ts'

const ask = (when: Partial<When>, change: Partial<MergeRequest> = {}) =>
  whyNotEligible({ ...everyone, ...when }, aMergeRequest(change), [])

describe('which merge requests are selected', () => {
  it.each([
    [{ branches: ['feature/**', 'fix-*'] }, { branch: 'feature/a/b' }, null],
    [{ branches: ['feature/**', 'fix-*'] }, { branch: 'fix-it' }, null],
    [{ branches: ['feature/*'] }, { branch: 'renovate/x' }, 'its branch is none of feature/*'],
    [{ titles: ['*[preview]*'] }, { title: 'Cart / checkout [preview] now' }, null],
    [{ titles: ['*[preview]*'] }, { title: 'Cart' }, 'its title is none of *[preview]*'],
    [{ titles: ['Caf\u00e9*'] }, { title: 'Cafe\u0301 / menu' }, null],
    [{ deny: ['Dev'] }, {}, 'its author is on the list of `deny`'],
    [{ deny: ['device'] }, {}, null],
    [{ forks: 'never' }, { fork: true }, 'the merge request comes from a fork'],
    [{ forks: 'never' }, { fork: null }, 'the merge request comes from a fork'],
    [{ forks: 'approved' }, { fork: true }, null],
    [{ forks: 'approved' }, { fork: null }, null],
  ] as const)('%j, %j: %s', (when, change, why) => {
    expect(ask(when, change)).toBe(why)
  })

  it.each([
    [{ any: ['preview/*'] }, ['preview/eu/west'], null],
    [{ any: ['preview*'] }, ['docs'], 'it has none of the labels preview*'],
    [{ none: ['wip*'] }, ['wip: later'], 'it has the label wip*'],
    [{ all: ['a', 'team-*'] }, ['a', 'team-web'], null],
    [{ all: ['a', 'team-*'] }, ['a'], 'it does not have the label team-*'],
    [{ any: ['a{b}?'] }, ['a{b}?'], null],
  ] as const)('labels %j, given %j: %s', (labels, given, why) => {
    expect(ask({ labels: { ...everyone.labels, ...labels } }, { labels: [...given] })).toBe(why)
  })

  it('labels with a star ignore case where the forge does', () => {
    const when = { labels: { ...everyone.labels, any: ['Preview*'] } }
    expect(ask(when, { labels: ['preview-eu'], labelsIgnoreCase: true })).toBeNull()
    expect(ask(when, { labels: ['preview-eu'], labelsIgnoreCase: false })).not.toBeNull()
  })
})
