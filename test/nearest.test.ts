import { describe, expect, it } from 'vitest'
import { nearest } from '../src/nearest.ts'

describe('nearest', () => {
  const names = ['branch', 'mergeRequestUrl', 'shortSha', 'sha', 'slug', 'repository.cloneUrl']

  it.each([
    ['brnach', 'branch'],
    ['mergerequesturl', 'mergeRequestUrl'],
    ['merge_request_url', 'mergeRequestUrl'],
    ['short-sha', 'shortSha'],
    ['slag', 'slug'],
    ['repository.cloneURI', 'repository.cloneUrl'],
  ])('takes %s for %s', (typed, meant) => {
    expect(nearest(typed, names)).toBe(meant)
  })

  it.each(['', 'x', 'completelyDifferent', '分支'])('says nothing about %j', (typed) => {
    expect(nearest(typed, names)).toBeUndefined()
  })

  it('prefers the exact name, then the nearest, then the first', () => {
    expect(nearest('sha', names)).toBe('sha')
    expect(nearest('slugs', ['slags', 'slug'])).toBe('slags')
    expect(nearest('ab', ['ac', 'ad'])).toBe('ac')
  })

  it('stays quick on absurd input', () => {
    expect(nearest('a'.repeat(1_000_000), ['a'.repeat(79)])).toBe('a'.repeat(79))
  })
})
