import { describe, expect, it } from 'vitest'
import { commitVerdict } from '../../src/preview/commit-status.ts'
import { writeComment } from '../../src/report/comment.ts'
import { expectPlain, expectRaw, unseen } from '../injection/expect-inert.ts'
import { harmless, status, type Words } from '../injection/hostile-status.ts'
import { allHostileWords } from '../injection/hostile-words.ts'
import { readComment } from './read-comment.ts'

describe('the size of the comment', () => {
  const many = (count: number, words: Words) =>
    Array.from({ length: count }, (_, index) => ({
      ...status(index === count - 1 ? 'failed' : 'ready', words),
      application: `shop-${String(index).padStart(5, '0')}`,
      details: Array.from({ length: 100 }, () => words.message),
    }))

  it.each([1, 2, 30, 200, 1_000])('stays below what every forge takes: %d previews', (count) => {
    for (const message of ['words', '`'.repeat(600), '\u{1f4a5}@ '.repeat(300)]) {
      const statuses = many(count, { message, other: message })
      const comment = writeComment('default', statuses, { branch: message })
      expectRaw(comment)
      expectPlain(readComment(comment))
      expect(comment.split('\n')[1]).toContain('Failed')
    }
  })

  it('shows the worst when not all fit, and says that there are more', () => {
    const statuses = many(1_000, harmless)
    const comment = writeComment('default', statuses, { branch: 'dynamic-envs' })
    expect(comment).toContain('Failed: 1 of 1000 previews')
    expect(comment).toContain('| `shop-00999` |')
    const rows = comment.match(/^\| `shop-/gm)?.length ?? 0
    expect(rows).toBeGreaterThan(10)
    expect(comment).toContain(`${1_000 - rows} more previews do not fit here`)
    expect(comment).toContain(`"more":${1_000 - rows}}`)
  })
})

describe('the description of a commit status', () => {
  it('is one short line of visible characters that every forge takes, whatever it quotes', () => {
    for (const message of allHostileWords)
      for (const state of ['waiting', 'deploying', 'ready', 'degraded', 'failed', 'refused'] as const) {
        const { description = '' } = commitVerdict(status(state, { message, other: '' })) ?? {}
        expect(description.length).toBeLessThanOrEqual(140)
        expect(description).not.toMatch(unseen)
        // GitHub takes none of four bytes.
        expect(description).toMatch(/^[^\n\u{10000}-\u{10ffff}]+$/u)
        expect(description.isWellFormed()).toBe(true)
        expect(description).toBe(description.trim())
      }
  })
})
