import { expect } from 'vitest'
import type { ReadComment } from '../report/read-comment.ts'

/** No forge finds anything to link, to mention, to format or to do in such text, whatever its dialect. */
const inert = /^(?:[A-Za-z0-9 ,.:;?!()'’–]|(?<=[A-Za-z])-(?=[A-Za-z]))*$/
const signs = /[⏳✅❌⏸🧹📄]|⚠️/gu
const stillSomething: Readonly<Record<string, RegExp>> = {
  'the id of a commit': /\b[0-9a-f]{7,64}\b/i,
  'a host or an address': /\w\.\w|\bwww|\bhttps?\b/i,
  'a key of a tracker': /\b[A-Z]{2,}-\w|\b[Gg][Hh]-\d/,
  'an emoji': /:\w+:/,
}
export const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u

export function expectPlain({ texts }: ReadComment): void {
  for (const text of texts) {
    const plain = text.replaceAll(signs, '')
    expect(plain).toMatch(inert)
    for (const [what, sign] of Object.entries(stillSomething)) expect(plain, what).not.toMatch(sign)
  }
}

/** What is not Markdown: first line, quick actions, size, and characters that nobody sees. */
export function expectRaw(comment: string): void {
  const lines = comment.split('\n')
  expect(lines[0]).toBe('<!-- mayfly:default -->')
  expect(lines.filter((line) => line.startsWith('<!--'))).toHaveLength(2)
  expect(lines.filter((line) => /^\s*[/@]/.test(line))).toEqual([])
  expect(comment.replaceAll('\n', '').replaceAll(signs, '')).not.toMatch(unseen)
  expect(comment.isWellFormed()).toBe(true)
  expect(comment.length).toBeLessThanOrEqual(60_000)
  const state = lines.findLast((line) => line.startsWith('<!-- mayfly:state '))
  expect(state).toMatch(/^<!-- .* -->$/)
  expect(state?.slice('<!--'.length, -'-->'.length)).not.toContain('--')
  expect(JSON.parse(state?.slice('<!-- mayfly:state '.length, -4) ?? '')).toMatchObject({ v: 1 })
}
