import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Tree } from '../../src/render/bind/tree.ts'
import { writeTree } from '../../src/render/write/write-tree.ts'
import { nastyStrings } from '../support/nasty-strings.ts'

const text = fc.oneof(
  fc.constantFrom(...nastyStrings),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
)
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))

const { tree } = fc.letrec<{ tree: Tree; inner: Tree }>((tie) => ({
  inner: fc.oneof({ depthSize: 'small' }, text, number, fc.boolean(), fc.constant(null), tie('tree')),
  tree: fc.oneof(fc.dictionary(text, tie('inner'), { maxKeys: 5 }), fc.array(tie('inner'), { maxLength: 5 })),
}))

/** JSON has no lone surrogates, negative zero or null prototypes to compare with. */
function plain(value: Tree): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? part.toWellFormed() : part)),
  )
}

describe('writeTree', () => {
  it('law 8: every reader of YAML sees the same tree, types and all', () => {
    fc.assert(
      fc.property(tree, (value) => {
        fc.pre(!hasLoneSurrogateKey(value))
        const written = writeTree(value)
        expect(plain(parse(written, { version: '1.2' }) as Tree)).toEqual(plain(value))
        expect(plain(parse(written, { version: '1.1', merge: false }) as Tree)).toEqual(plain(value))
      }),
      { numRuns: 3000 },
    )
  })

  it.each(nastyStrings)('law 8: %j stays a text as value, key and item', (nasty) => {
    const value = {
      key: nasty,
      [nasty]: 'value',
      list: [nasty, { [nasty]: nasty, after: 1 }],
      deep: { block: nasty },
    }
    for (const version of ['1.1', '1.2'] as const) {
      expect(plain(parse(writeTree(value), { version, merge: false }) as Tree)).toEqual(plain(value))
    }
  })

  it.each(nastyStrings)('writes nothing for %j that go-yaml refuses or takes for a line break', (nasty) => {
    const written = writeTree({ key: nasty, other: 1 })
    expect(written).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/)
    expect(written).not.toMatch(/^(---|\.\.\.)/m)
    expect(written.isWellFormed()).toBe(true)
  })

  it('quotes what begins with a digit, so that no commit id becomes a number', () => {
    expect(writeTree({ a: '1234567', b: '1234e56', c: 'd4e5f6a', d: 12 })).toBe(
      'a: "1234567"\nb: "1234e56"\nc: d4e5f6a\nd: 12\n',
    )
  })

  it('keeps several lines readable', () => {
    expect(writeTree([{ patch: '- op: add\n\n  path: /x\n', after: true }])).toBe(
      '- patch: |\n    - op: add\n\n      path: /x\n  after: true\n',
    )
  })
})

function hasLoneSurrogateKey(value: Tree): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, part]) => !key.isWellFormed() || hasLoneSurrogateKey(part))
}
