import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { previewNames, slugOf } from '../../src/preview/name.ts'

const naming = { namespacePrefix: 'preview-', budget: 53 }

const application = fc.stringMatching(/^[a-z][a-z0-9]{0,6}(-[a-z][a-z0-9]{0,6}){0,2}$/)
const branch = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom(
    '機能',
    'функция',
    '---',
    '',
    'null',
    'Feature/Foo',
    'feature//foo',
    '1-2',
    '23',
    '-3',
    'a'.repeat(300),
  ),
  fc.stringMatching(/^[0-9/-]{0,12}$/),
)

describe('names', () => {
  it('are DNS labels within the budget that begin with application and number, for any branch', () => {
    fc.assert(
      fc.property(application, fc.integer({ min: 1, max: 99_999_999 }), branch, (name, number, source) => {
        const names = previewNames(name, number, source, naming)
        for (const label of [names.name, names.namespace]) {
          expect(label).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
          expect(label.length).toBeLessThanOrEqual(53)
        }
        expect(names.name === `${name}-${number}` || names.name.startsWith(`${name}-${number}-`)).toBe(true)
        expect(previewNames(name, number, source, naming)).toEqual(names)
      }),
      { numRuns: 20_000 },
    )
  })

  it('never clash: 100 000 identities with branches made to clash give 100 000 names and namespaces', () => {
    const applications = ['a', 'a-b', 'shop', 'shop-web', 'shop-web-x1', 'b', 'web', 'web-a', 'x', 'x-y']
    const branches = ['1', '1-2', '2', 'b-1', 'web-1', '', '機能', 'x'.repeat(100), '11', 'y-1']
    const names = new Set<string>()
    const namespaces = new Set<string>()
    for (const name of applications)
      for (let number = 1; number <= 10_000; number += 1) {
        const made = previewNames(name, number, branches[number % branches.length] ?? '', naming)
        names.add(made.name)
        namespaces.add(made.namespace)
      }
    expect(names.size).toBe(100_000)
    expect(namespaces.size).toBe(100_000)
  })

  it('are told apart from the number on: no two identities share a name whatever their branches say', () => {
    fc.assert(
      fc.property(
        fc.tuple(application, fc.integer({ min: 1, max: 999 }), branch),
        fc.tuple(application, fc.integer({ min: 1, max: 999 }), branch),
        ([oneApp, oneNumber, oneBranch], [otherApp, otherNumber, otherBranch]) => {
          fc.pre(oneApp !== otherApp || oneNumber !== otherNumber)
          const one = previewNames(oneApp, oneNumber, oneBranch, naming)
          const other = previewNames(otherApp, otherNumber, otherBranch, naming)
          expect(one.name).not.toBe(other.name)
          expect(one.namespace).not.toBe(other.namespace)
        },
      ),
      { numRuns: 20_000 },
    )
  })

  it('stay as they were in the last release, or live environments would move', () => {
    expect(previewNames('shop', 142, 'cart', naming)).toEqual({
      name: 'shop-142-cart',
      namespace: 'preview-shop-142-cart',
      slug: 'cart',
    })
    expect(previewNames('shop', 1, 'feature/login', naming).name).toBe('shop-1-feature-login')
    expect(previewNames('shop', 7, '機能', naming).name).toBe('shop-7')
    expect(previewNames('shop', 7, 'A'.repeat(90), naming).name).toBe(`shop-7-${'a'.repeat(46)}`)
    expect(previewNames('shop', 7, `${'a'.repeat(45)}-b`, naming).name).toBe(`shop-7-${'a'.repeat(45)}`)
  })

  it('say so when application and number do not fit', () => {
    expect(() => previewNames('a'.repeat(44), 142, 'x', naming)).toThrow(/shorten the application's name/)
  })

  it.each([
    'feature/foo',
    'feature-foo',
    'feature_foo',
    'Feature/Foo',
    'feature.foo',
    'feature//foo',
    '-feature-foo-',
  ])('slug of %s', (text) => {
    expect(slugOf(text)).toBe('feature-foo')
  })
})
