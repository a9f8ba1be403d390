import { describe, expect, it } from 'vitest'
import { statusOf } from '../../src/preview/status-of.ts'
import type { Observation } from '../../src/preview/observation.ts'
import type { PreviewStatus } from '../../src/preview/status.ts'
import { codeSpan } from '../../src/report/code-span.ts'
import { endLine, writeComment } from '../../src/report/comment.ts'
import { escapeMarkdown } from '../../src/report/escape-markdown.ts'
import { formatDuration } from '../../src/report/format.ts'
import { shaB } from '../preview/fixtures.ts'
import { finding, pullFails, since } from './observed-designs.ts'
import { deploying, designs, never, place, ready, status } from './designs.ts'

describe('the comment', () => {
  it.each(Object.entries(designs))('says it: %s', async (name, statuses) => {
    await expect(writeComment('default', statuses, place)).toMatchFileSnapshot(`golden/comment-${name}.md`)
  })

  it('answers in its first visible line, under the marker', () => {
    const [marker, answer] = writeComment('default', [status()], place).split('\n')
    expect(marker).toBe('<!-- mayfly:default -->')
    expect(answer).toContain('Deploying: https://shop-142-cart.preview.acme.dev')
  })

  it.each(Object.entries(designs))(
    'law 6: the same statuses in another order give the same bytes: %s',
    (_, statuses) => {
      expect(writeComment('default', statuses.toReversed(), place)).toBe(
        writeComment('default', statuses, place),
      )
    },
  )

  it.each([
    '@everyone look',
    'see #12 and acme/shop#13 or GH-14',
    'https://evil.example.org www.evil.example.org',
    '[click](https://evil.example.org)',
    '![x](https://evil.example.org/x.png)',
    '<img src=x onerror=alert(1)> <!-- mayfly:default -->',
    '` @x ` `` #1',
    '```\n@x\n```',
    '--> <b>bold</b>',
    '| a | b |\n|--|--|',
    'the `@everyone` and `` `#1` `` and `` @x `',
    'an `odd @x and `b` ` @y',
    'deadbeef a1b2c3d4e5',
    'line one\u2028# heading\r\n- list',
    ':tada: **bold** _it_ ~~gone~~',
  ])('holds hostile words in code spans: %j', (message) => {
    const text = escapeMarkdown(message)
    const outside = text.replaceAll(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '')
    expect(outside).toMatch(/^[\p{L}\p{N}\s,.:;?!()'’-]*$/u)
    expect(outside).not.toMatch(/@|#|<|>|\[|https?:|www|\*|_|GH-\d|deadbeef/)
  })

  it('keeps what a message itself has put between backticks in a code span of its own', () => {
    expect(
      escapeMarkdown('Deployment `web`: Invalid value: `selector` does not match template `labels`'),
    ).toBe('Deployment `web`: Invalid value: `selector` does not match template `labels`')
  })

  it('keeps the state block inside its HTML comment whatever a name says', () => {
    const hostile = status({ name: 'a--b --> <script>', url: 'https://x/-->' })
    const block = writeComment('default', [hostile], place)
      .split('\n')
      .findLast((line) => line.startsWith('<!-- mayfly:state'))
    expect(block?.match(/-->/g)).toHaveLength(1)
    const json = block?.slice('<!-- mayfly:state '.length, -' -->'.length) ?? ''
    expect(JSON.parse(json)).toMatchObject({ v: 1, previews: [{ name: 'a--b --> <script>' }] })
  })

  it('one that degrades an hour later says so, and one that heals says since when', () => {
    const write = (observation: Observation) =>
      writeComment('default', [statusOf(finding(), observation)], place)
    const first = write({ kind: 'ready', serving: shaB, since })
    const worse = write({ ...pullFails, since: new Date('2026-11-21T11:42:07Z') })
    const healed = write({ kind: 'ready', serving: shaB, since: new Date('2026-11-21T11:50:00Z') })
    expect(worse).toContain('Degraded')
    expect(worse).toContain('`a1b2c3d` is still serving')
    expect(healed).toContain('running and healthy since 11:50 UTC (1 h 9 min after the push)')
    expect(new Set([first, worse, healed]).size).toBe(3)
    expect(write({ kind: 'ready', serving: shaB, since })).toBe(first)
  })

  it('says that the namespace is gone only of an agent that is watched, and of all or none', () => {
    const [watched] = designs['removed-with-namespace'] ?? []
    const [unwatched] = designs['removed'] ?? []
    const of = (...statuses: (PreviewStatus | undefined)[]) =>
      writeComment(
        'default',
        statuses.flatMap((one, at) => (one === undefined ? [] : [{ ...one, application: `a${at}` }])),
        place,
      )
    expect(of(watched)).toContain('namespace included')
    expect(of(watched, watched)).toContain('namespaces included')
    expect(of(unwatched)).not.toContain('included')
    expect(of(watched, unwatched)).not.toContain('included')
  })

  it('names an end by one line, however it is worded', () => {
    const [seen] = designs['removed-with-namespace'] ?? []
    const [unseen] = designs['removed-with-namespace-by-another-process'] ?? []
    if (seen === undefined || unseen === undefined) throw new Error('no such designs')
    const line = endLine([unseen]) ?? ''
    expect(writeComment('default', [seen], place).split('\n')).toContain(line)
    expect(writeComment('default', [unseen], place).split('\n')).toContain(line)
    const again = { ...seen, removal: { ...(seen.removal ?? fail()), commit: shaB } }
    expect(writeComment('default', [again], place).split('\n')).not.toContain(line)
    for (const [name, statuses] of Object.entries(designs))
      if (!name.includes('removed')) expect(endLine(statuses), name).toBeNull()
  })

  it.each(['several-removed', 'several-removed-for-their-own-reasons', 'several-that-never-were'])(
    'ends as one line: %s',
    (name) => {
      const lines = writeComment('default', designs[name] ?? [], place).split('\n')
      expect(lines.filter((line) => line !== '' && !line.startsWith('<!--'))).toHaveLength(1)
    },
  )

  it('counts and lists only those that are or were there', () => {
    const two = writeComment('default', [ready('web'), deploying('api')], place)
    expect(
      writeComment('default', [never('docs'), ready('web'), never('help'), deploying('api')], place),
    ).toBe(two)
    expect(writeComment('default', [ready('web'), never('api')], place)).toBe(
      writeComment('default', [ready('web')], place),
    )
  })

  it('fences a code span longer than any run of backticks in it', () => {
    expect(codeSpan('a``b')).toBe('```a``b```')
    expect(codeSpan('`a')).toBe('`` `a ``')
    expect(codeSpan('\n\u0000')).toBe('`?`')
  })

  it.each([
    [0, '0 s'],
    [48_000, '48 s'],
    [108_000, '1 min 48 s'],
    [7_200_000, '2 h'],
    [273_600_000, '3 d 4 h'],
  ])('a duration of %d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
})

function fail(): never {
  throw new Error('it was not removed')
}
