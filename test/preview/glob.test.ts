import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesGlob } from '../../src/preview/glob.ts'

const segment = fc.string({
  unit: fc.constantFrom('a', 'b', '.', '-', '(', '[', '*', '\u00e9', '\u{1f600}', '\n'),
  minLength: 1,
  maxLength: 4,
})
const path = fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => segments.join('/'))
const globPart = fc.constantFrom('a', 'b', '/', '.', '*', '**', '**/', '?', 'ab', '(', '\\')
const anyGlob = fc.array(globPart, { maxLength: 8 }).map((parts) => parts.join(''))
const anyText = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '(', '\\', '\n'), maxLength: 10 })

describe('globs', () => {
  it.each([
    ['main', 'main', true],
    ['main', 'mainline', false],
    ['*', 'main', true],
    ['*', 'a/b', false],
    ['**', 'a/b', true],
    ['release/**', 'release/1/2', true],
    ['**/fix', 'a/b/fix', true],
    ['**/fix', 'fix', true],
    ['v?', 'v1', true],
    ['v?', 'v/', false],
    ['a.b', 'axb', false],
    ['(a|b)+', 'a', false],
    ['[a]', 'a', false],
    ['src/{web,api}/**', 'src/web/main.ts', true],
    ['src/{web,api}/**', 'src/api/a/b.ts', true],
    ['src/{web,api}/**', 'src/docs/x', false],
    ['{main,release/{1,2}.*}', 'release/2.x', true],
    ['{main,release/{1,2}.*}', 'release/3.x', false],
    ['*.{ts,tsx}', 'a.tsx', true],
    ['v{1,}', 'v', true],
    ['{main', '{main', true],
    ['caf\u00e9/**', 'cafe\u0301/menu', true],
    ['cafe\u0301/**', 'caf\u00e9/menu', true],
  ])('glob %s on %s is %s', (glob, text, expected) => {
    expect(matchesGlob(glob, text)).toBe(expected)
  })

  it('of a folder with /** match all that is in it, at any depth, and nothing beside it', () => {
    fc.assert(
      fc.property(segment, path, (folder, rest) => {
        fc.pre(!folder.includes('*'))
        expect(matchesGlob(`${folder}/**`, `${folder}/${rest}`)).toBe(true)
        expect(matchesGlob(`${folder}/**`, folder)).toBe(false)
        expect(matchesGlob(`${folder}/**`, `${folder}x/${rest}`)).toBe(false)
        expect(matchesGlob(`${folder}/**`, `x/${folder}/${rest}`)).toBe(false)
      }),
    )
  })

  it('with **/ before a name match that name in every folder, the root included', () => {
    fc.assert(
      fc.property(path, segment, (folders, name) => {
        expect(matchesGlob('**/Dockerfile', `${folders}/Dockerfile`)).toBe(true)
        expect(matchesGlob('**/Dockerfile', 'Dockerfile')).toBe(true)
        expect(matchesGlob('**/Dockerfile', `${folders}/${name}Dockerfile`)).toBe(false)
      }),
    )
  })

  it('without * and ? match themselves alone', () => {
    fc.assert(
      fc.property(path, path, (one, other) => {
        fc.pre(!one.includes('*'))
        expect(matchesGlob(one, other)).toBe(one === other)
      }),
    )
  })

  it('match what the same thing written as a regular expression matches', () => {
    fc.assert(
      fc.property(anyGlob, anyText, (glob, text) => {
        expect(matchesGlob(glob, text)).toBe(asRegExp(glob).test(text))
      }),
      { numRuns: 5_000 },
    )
  })

  it('read a long hostile path once, not once for each way to split it', () => {
    const hostile = 'a/'.repeat(2_000)
    expect(matchesGlob('**/*a*/**/*a*/**/*a*/**/x', hostile)).toBe(false)
  })
})

/** The meaning in other words; it may take for ever where the real one may not. */
function asRegExp(glob: string): RegExp {
  const pattern = glob.replaceAll(/\*\*\/?|[*?]|[^*?]+/g, (part) => {
    if (part === '**/') return '(?:.*/)?'
    if (part === '**') return '.*'
    if (part === '*') return '[^/]*'
    if (part === '?') return '[^/]'
    return part.replaceAll(/[.+^${}()|[\]\\/]/g, String.raw`\$&`)
  })
  return new RegExp(`^${pattern}$`, 'su')
}
