import { describe, expect, it } from 'vitest'
import { fileWith, load, problemsIn } from './given.ts'

describe('the file as YAML', () => {
  it.each([
    ['a: "x', 1, 'a quote, bracket, comma or colon is missing'],
    ['a: 1\nb: c: d', 2, 'a second `: ` stands on one line'],
    ['a:\n\tb: 1', 2, 'a tab is used as indentation'],
    ['a: 1\n---\nb: 1', 2, 'a second document begins'],
    ['a: !new x', 1, 'a `!` begins an unknown tag'],
    ['a: @x', 1, 'a value begins with a character that YAML keeps for itself'],
  ])('is told where it is none: %j', (text, line, message) => {
    expect(problemsIn(text)).toMatchObject([{ path: '', line, message: `not YAML here: ${message}` }])
  })

  it('may not give a key twice', () => {
    const text = 'server: { port: 1 }\nsweep: { every: 1m }\nserver: { port: 2 }\n'
    expect(problemsIn(text)).toContainEqual({
      path: 'server',
      message: 'is given twice',
      hint: 'keep one of them',
      line: 3,
    })
  })

  it('may use anchors', () => {
    const values = '"values": {"a": &a [1, {"b": null}], "c": *a}'
    const text = fileWith([], undefined).replace('"template"', `${values}, "template"`)
    expect(load(text).config.applications[0]?.values).toEqual({ a: [1, { b: null }], c: [1, { b: null }] })
  })

  it('may not contain itself, nor grow without end', () => {
    const billion = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]`)
    for (const text of ['a: &a [*a, *a]', 'a: &a { b: *a }', `a0: &a0 [x]\n${billion.join('\n')}`])
      expect(problemsIn(text).map(({ message }) => message)).toContain(
        'too many values, or nested too deeply',
      )
    expect(problemsIn('['.repeat(100_000))).toHaveLength(1)
    expect(problemsIn('a: *nobody')).toContainEqual(
      expect.objectContaining({ path: 'a', message: 'there is no anchor `&nobody` above' }),
    )
  })

  it('that is empty or no mapping says what is wanted', () => {
    expect(problemsIn('').map(({ path }) => path)).toEqual([
      'forges',
      'environmentRepository',
      'applications',
    ])
    for (const text of ['[]', '3', 'text', 'null', '- a'])
      expect(problemsIn(text).length, text).toBeGreaterThan(0)
  })

  it('cannot reach a prototype', () => {
    const text = fileWith([], undefined).replace(
      '"template"',
      '"values": {"__proto__": {"polluted": 1}}, "template"',
    )
    const { config } = load(text)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(config.applications[0]?.values['polluted']).toBeUndefined()
    expect(problemsIn('__proto__: { a: 1 }\nconstructor: 1\n').map(({ path }) => path)).toContain(
      'constructor',
    )
  })
})
