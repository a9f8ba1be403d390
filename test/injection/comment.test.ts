import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PreviewStatus } from '../../src/preview/status.ts'
import { writeComment } from '../../src/report/comment.ts'
import { expectPlain, expectRaw } from './expect-inert.ts'
import { hostileMessages } from './hostile-messages.ts'
import { harmless, states, status, url, type Words } from './hostile-status.ts'
import { allHostileWords, hostileWords } from './hostile-words.ts'
import { type ReadComment, readComment } from '../report/read-comment.ts'

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
    ...inOtherWays(words).map((one) => writeComment('default', [one], place)),
    writeComment('default', several, place),
    writeComment(
      'default',
      [status('failed', words), status('failed', words)].map((one) => ({ ...one, application: words.other })),
      place,
    ),
  ]
}

/** States with words for what the cluster, or only the branch, tells; each with the most and the least that is known. */
function inOtherWays(words: Words): readonly PreviewStatus[] {
  const little = { fromCluster: false, since: null, servingSha: null }
  return [
    { ...status('ready', words), since: null },
    { ...status('degraded', words), servingSha: null },
    { ...status('failed', words), ...little },
    { ...status('removing', words), removal: null, since: null },
    { ...status('removed', words), watched: false },
    withoutTime(status('removed', words)),
  ]
}

function withoutTime(status: PreviewStatus): PreviewStatus {
  return status.removal === null ? status : { ...status, removal: { ...status.removal, goneAfterMs: null } }
}

const ours = comments(harmless).map(readComment)

function expectInert(comment: string, our: ReadComment | undefined): void {
  const read = readComment(comment)
  // A shortened one has fewer rows of the same.
  if (!/previews do not fit|more of this kind/.test(comment)) expect(read.shape).toEqual(our?.shape)
  for (const link of read.links) expect(our?.links).toContainEqual(link)
  for (const html of read.html.slice(0, -1)) expect(our?.html).toContain(html)
  expectPlain(read)
  expectRaw(comment)
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
        ...Array.from('`*_~#@!|[](){}<>&$%^:;/\\\n\t -=+.,"\'?'),
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
