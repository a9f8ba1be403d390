import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commitVerdict } from '../../src/preview/commit-status.ts'
import { previewId } from '../../src/preview/preview-id.ts'
import type { PreviewState, PreviewStatus } from '../../src/preview/status.ts'
import { writeComment } from '../../src/report/comment.ts'
import { shaA, shaB } from '../preview/fixtures.ts'
import { hostileMessages } from './hostile-messages.ts'
import { allHostileWords, hostileWords } from './hostile-words.ts'
import { type ReadComment, readComment } from './read-comment.ts'

const states: readonly PreviewState[] = [
  'waiting',
  'deploying',
  'ready',
  'degraded',
  'failed',
  'refused',
  'removing',
  'removed',
]
const url = 'https://shop-142-cart.preview.acme.dev'

/** What a stranger may have written, wherever a status takes text. */
interface Words {
  readonly message: string
  readonly other: string
}

const harmless: Words = { message: 'words', other: 'words' }

function status(state: PreviewState, { message, other }: Words): PreviewStatus {
  return {
    preview: previewId('shop', 142),
    application: 'shop',
    number: 142,
    name: 'shop-142-cart',
    namespace: other,
    url,
    state,
    message,
    details: [other, message],
    advice: other,
    sha: shaB,
    servingSha: shaA,
    manifest: { path: other, commit: shaA },
    watched: true,
    since: new Date('2026-11-21T10:42:07Z'),
    removal: { cause: 'merged', commit: shaA, livedMs: 273_600_000, deploys: 7 },
    ...(state === 'removed' ? { manifest: null } : {}),
  }
}

/** A comment for every design: one preview in every state, watched and not, and all states in one table. */
function comments(words: Words): readonly string[] {
  const place = { branch: words.other }
  const several = states.map((state) => ({
    ...status(state, words),
    // Its place among the rows stays the same.
    application: `${state} ${words.other}`,
  }))
  return [
    ...states.map((state) => writeComment('default', [status(state, words)], place)),
    writeComment('default', [{ ...status('deploying', words), watched: false, servingSha: null }], place),
    writeComment('default', [{ ...status('removed', words), removal: null }], place),
    writeComment('default', several, place),
    writeComment(
      'default',
      [status('failed', words), status('failed', words)].map((one) => ({ ...one, application: words.other })),
      place,
    ),
  ]
}

const ours = comments(harmless).map(readComment)

/** No forge finds anything to link, to mention, to format or to do in such text, whatever its dialect. */
const inert = /^(?:[A-Za-z0-9 ,.:;?!()'’–]|(?<=[A-Za-z])-(?=[A-Za-z]))*$/
const signs = /[⏳✅❌⏸🧹📄]|⚠️/gu
const stillSomething: Readonly<Record<string, RegExp>> = {
  'the id of a commit': /\b[0-9a-f]{7,64}\b/i,
  'a host or an address': /\w\.\w|\bwww|\bhttps?\b/i,
  'a key of a tracker': /\b[A-Z]{2,}-\w|\b[Gg][Hh]-\d/,
  'an emoji': /:\w+:/,
}
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u

function expectInert(comment: string, our: ReadComment | undefined): void {
  const read = readComment(comment)
  // A shortened one has fewer rows of the same.
  if (!/previews do not fit|more of this kind/.test(comment)) expect(read.shape).toEqual(our?.shape)
  for (const link of read.links) expect(our?.links).toContainEqual(link)
  for (const html of read.html.slice(0, -1)) expect(our?.html).toContain(html)
  expectPlain(read)
  expectRaw(comment)
}

function expectPlain({ texts }: ReadComment): void {
  for (const text of texts) {
    const plain = text.replaceAll(signs, '')
    expect(plain).toMatch(inert)
    for (const [what, sign] of Object.entries(stillSomething)) expect(plain, what).not.toMatch(sign)
  }
}

/** What is not Markdown: first line, quick actions, size, and characters that nobody sees. */
function expectRaw(comment: string): void {
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

function expectAllInert(words: Words): void {
  for (const [at, comment] of comments(words).entries()) expectInert(comment, ours[at])
}

describe('a stranger’s text in the comment', () => {
  it('comes in all the ways that are known', () => {
    expect(allHostileWords.length).toBeGreaterThanOrEqual(200)
    expect(new Set(allHostileWords).size).toBe(allHostileWords.length)
    expect(Object.keys(hostileMessages).length).toBeGreaterThanOrEqual(12)
  })

  it.each(Object.entries(hostileWords))(
    'law 8: stays text in every place of every design: %s',
    (_, words) => {
      for (const word of words) expectAllInert({ message: word, other: word })
    },
  )

  it.each(Object.entries(hostileMessages))(
    'law 8: stays text when a message quotes it: %s',
    (_, messagesOf) => {
      let messages = 0
      const our = ours[states.indexOf('refused')]
      for (const word of allHostileWords)
        for (const message of messagesOf(word)) {
          messages += 1
          // In its heading, in a list and in a sentence.
          const refused = status('refused', { message, other: message })
          expectInert(writeComment('default', [refused], { branch: message }), our)
        }
      expect(messages).toBeGreaterThan(100)
    },
  )

  it('law 8: stays text whatever it is made of', () => {
    fc.assert(
      fc.property(anyText, anyText, (message, other) => {
        expectAllInert({ message, other })
      }),
      { numRuns: 150 },
    )
  })

  it('law 8: an address becomes the link that it is, or stays text', () => {
    const addresses = allHostileWords
      .filter(({ length }) => length < 1_000)
      .flatMap((word) => [
        word,
        `https://${word}`,
        `https://${word}.acme.dev`,
        `${url}/${word}`,
        `${url}${word}`,
        `${url}?${word}#x`,
      ])
    let links = 0
    for (const address of addresses)
      for (const design of [[address], [address, address]]) {
        const statuses = design.map((one) => ({ ...status('ready', harmless), url: one }))
        const comment = writeComment('default', statuses, { branch: 'environments' })
        const read = readComment(comment)
        for (const link of read.links) {
          expect(link.url).toBe(address)
          expect([address, new URL(address).host]).toContain(link.text)
        }
        expectPlain(read)
        expectRaw(comment)
        links += read.links.length
      }
    expect(links).toBeGreaterThan(20)
  })
})

/** Signs and words that mean something to somebody, in any order, and anything else. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...'`*_~#@!|[](){}<>&$%^:;/\\\n\t -=+.,"\'?',
        '\\|',
        '-->',
        '<!--',
        '```',
        '\r\n',
        '\u2028',
      ),
      fc.constantFrom(
        'www.',
        'https://',
        'a',
        'deadbeef',
        'dev',
        '1',
        'GH-1',
        '</details>',
        '\u202e',
        '\ud800',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''))

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
