import { describe, expect, it } from 'vitest'
import { isYamlTooDeep } from '../../src/render/bind/parse-documents.ts'
import { isTemplateTooDeep } from '../../src/render/fill/parse-template.ts'

describe('too deep', () => {
  it('counts brackets, and signs in one line, of YAML', () => {
    expect(isYamlTooDeep('['.repeat(101))).toBe(true)
    expect(isYamlTooDeep('{a: '.repeat(101))).toBe(true)
    expect(isYamlTooDeep('- '.repeat(101))).toBe(true)
    expect(isYamlTooDeep('[a, {b: [c]}]\n'.repeat(1000))).toBe(false)
    expect(isYamlTooDeep(`${'- '.repeat(20)}\n`.repeat(1000))).toBe(false)
  })

  it('counts blocks, and calls in one expression, of templates', () => {
    expect(isTemplateTooDeep('{{#if a}}'.repeat(51))).toBe(true)
    expect(isTemplateTooDeep('{{~^ a}}'.repeat(51))).toBe(true)
    expect(isTemplateTooDeep(`{{lower ${'('.repeat(51)}`)).toBe(true)
    expect(isTemplateTooDeep('{{#if a}}x{{^}}y{{else}}z{{/if}}'.repeat(1000))).toBe(false)
    expect(isTemplateTooDeep(`(${'('.repeat(100)} {{lower (upper a)}}`)).toBe(false)
  })
})
