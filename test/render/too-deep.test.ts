import { describe, expect, it } from 'vitest'
import { isTooDeep } from '../../src/render/bind/parse-documents.ts'
import { isTooDeep as isTooDeepTemplate } from '../../src/render/fill/parse-template.ts'

describe('isTooDeep', () => {
  it('counts brackets, and signs in one line, of YAML', () => {
    expect(isTooDeep('['.repeat(101))).toBe(true)
    expect(isTooDeep('{a: '.repeat(101))).toBe(true)
    expect(isTooDeep('- '.repeat(101))).toBe(true)
    expect(isTooDeep('[a, {b: [c]}]\n'.repeat(1000))).toBe(false)
    expect(isTooDeep(`${'- '.repeat(20)}\n`.repeat(1000))).toBe(false)
  })

  it('counts blocks, and calls in one expression, of templates', () => {
    expect(isTooDeepTemplate('{{#if a}}'.repeat(51))).toBe(true)
    expect(isTooDeepTemplate('{{~^ a}}'.repeat(51))).toBe(true)
    expect(isTooDeepTemplate(`{{lower ${'('.repeat(51)}`)).toBe(true)
    expect(isTooDeepTemplate('{{#if a}}x{{^}}y{{else}}z{{/if}}'.repeat(1000))).toBe(false)
    expect(isTooDeepTemplate(`(${'('.repeat(100)} {{lower (upper a)}}`)).toBe(false)
  })
})
