import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commandVerbs, readCommand } from '../../src/lifecycle/read-command.ts'
import { nastyStrings } from '../support/nasty-strings.ts'

const sha = 'd4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c1d2e3'
const read = (body: string) => readCommand(body, '/preview')
const command = (verb: string, commit: string | null = null) => ({ kind: 'command', verb, sha: commit })

describe('a command', () => {
  it.each([
    ['/preview evict', command('evict')],
    ['/preview redeploy', command('redeploy')],
    ['/preview rollback', command('rollback')],
    ['/preview rollback d4e5f6a', command('rollback', 'd4e5f6a')],
    ['/preview approve d4e5f6a', command('approve', 'd4e5f6a')],
    [`/preview approve ${sha}`, command('approve', sha)],
    ['/preview approve D4E5F6A', command('approve', 'd4e5f6a')],
    ['/preview EVICT', command('evict')],
    ['  /preview   evict  ', command('evict')],
    ['/preview\tevict', command('evict')],
    ['\n\r\n/preview evict', command('evict')],
    ['/preview evict\r\nBecause it is full.', command('evict')],
    ['/preview evict please', command('evict')],
    ['/preview approve d4e5f6a thank you', command('approve', 'd4e5f6a')],
    [`/preview evict ${'x'.repeat(1_000_000)}`, command('evict')],
  ])('%j', (body, expected) => {
    expect(read(body.slice(0, 2_000_000))).toEqual(expected)
  })

  it.each([
    '',
    'evict',
    'Please /preview evict',
    'Hello\n/preview evict',
    '> /preview evict',
    '`/preview evict`',
    '```\n/preview evict\n```',
    '~~~\n/preview evict',
    '    /preview evict',
    '\t/preview evict',
    '\n    /preview evict',
    '- /preview evict',
    '<!-- /preview evict -->',
    '/previews evict',
    '/previewevict',
    '/Preview evict',
    '//preview evict',
    '/redeploy',
    `${'\n'.repeat(300)}/preview evict`,
  ])('is none in %j', (body) => {
    expect(read(body)).toBeNull()
  })

  it('begins with the prefix that was chosen', () => {
    expect(readCommand('/env evict', '/env')).toEqual(command('evict'))
    expect(readCommand('/preview evict', '/env')).toBeNull()
    expect(readCommand('/acme.* evict', '/acme.*')).toEqual(command('evict'))
    expect(readCommand('/acmeee evict', '/acme.*')).toBeNull()
  })
})

describe('a command without the commit that it needs', () => {
  it.each([
    ['/preview approve', 'approve', '/preview approve <commit>'],
    ['/preview approve it', 'approve', '/preview approve <commit>'],
    ['/preview approve d4e5f6', 'approve', '/preview approve <commit>'],
    [`/preview approve ${sha}0`, 'approve', '/preview approve <commit>'],
    ['/preview approve d4e5f6g', 'approve', '/preview approve <commit>'],
    ['/preview approve HEAD', 'approve', '/preview approve <commit>'],
    ['/preview approve <script> d4e5f6a', 'approve', '/preview approve <commit>'],
    ['/preview rollback main', 'rollback', '/preview rollback [<commit>]'],
  ])('%j says what to write', (body, verb, write) => {
    expect(read(body)).toEqual({ kind: 'unfinished', verb, write })
  })
})

describe('a command that nobody knows', () => {
  it.each([
    ['/preview', '', null],
    ['/preview ', '', null],
    ['/preview aprove d4e5f6a', 'aprove', 'approve'],
    ['/preview re-deploy', 're-deploy', 'redeploy'],
    ['/preview rolback', 'rolback', 'rollback'],
    ['/preview Evicts', 'evicts', 'evict'],
    ['/preview coffee', 'coffee', null],
    ['/preview @acme/everybody', '?acme?everybody', null],
    ['/preview [x](https://evil.example)', '?x??https???evil?exa', null],
    ['/preview <img/src=x>', '?img?src?x?', null],
    ['/preview __proto__', '??proto??', null],
    ['/preview constructor', 'constructor', null],
    [`/preview ${'x'.repeat(100)}`, 'x'.repeat(20), null],
  ])('%j', (body, said, nearest) => {
    expect(read(body)).toEqual({ kind: 'unknown', said, nearest })
  })
})

describe('whatever a comment contains', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(...nastyStrings),
  )

  it('nothing throws, and nothing of it is given back but plain letters', () => {
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom('', '/preview ', '/preview approve ', '\n/preview\t'),
        (text, before) => {
          const reading = read(before + text)
          if (reading?.kind === 'unknown') expect(reading.said).toMatch(/^[a-z0-9?-]{0,20}$/)
          if (reading?.kind === 'unfinished')
            expect(reading.write).toMatch(/^\/preview (approve|rollback) [[<a-z>\]]+$/)
          if (reading?.kind === 'command' && reading.sha !== null)
            expect(reading.sha).toMatch(/^[0-9a-f]{7,40}$/)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('what follows the first line, or its first 200 characters, changes nothing', () => {
    const lines = fc.string({ unit: 'binary', maxLength: 100 }).map((text) => text.replaceAll(/[\r\n]/g, ''))
    fc.assert(
      fc.property(fc.constantFrom(...commandVerbs), lines, texts, (verb, rest, more) => {
        const line = `/preview ${verb} ${rest}`
        expect(read(`${line}\n${more}`)).toEqual(read(line))
        const long = line.padEnd(200, ' x')
        expect(read(long + more)).toEqual(read(long))
      }),
    )
  })

  it('takes no time that grows with it', () => {
    const endless = [' ', '\n', '\t', ' \n', '\r\n', '/preview ', '/']
    for (const text of endless) read(text.repeat(2_000_000))
    expect(read(`${'\n'.repeat(199)}${' '.repeat(5_000_000)}`)).toBeNull()
  })
})
