import { describe, expect, it } from 'vitest'
import { checkSchema } from '../../src/render/policy/check-schema.ts'
import type { Schema } from '../../src/render/policy/schema.ts'
import { schemasOf } from '../../src/render/policy/schemas.ts'
import { somePolicy } from '../support/render-request.ts'

/** Every schema inside a schema, itself included. */
function allOf(schema: Schema): readonly Schema[] {
  const inner = [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties]
  return [schema, ...inner.flatMap((part) => (part === undefined ? [] : allOf(part)))]
}

describe('the schemas', () => {
  it.each(somePolicy.kinds)('%s has one that says what every part is', (kind) => {
    const versions = Object.values(schemasOf(kind) ?? {})
    expect(versions.length).toBeGreaterThan(0)
    for (const part of versions.flatMap(allOf)) {
      expect(part.type !== undefined || part.free === true || part.intOrString === true).toBe(true)
      if (part.pattern !== undefined) expect(() => new RegExp(part.pattern ?? '', 'u')).not.toThrow()
    }
  })

  it('know nothing of status, nor of other kinds', () => {
    for (const kind of somePolicy.kinds)
      for (const schema of Object.values(schemasOf(kind) ?? {}))
        expect(Object.keys(schema.properties ?? {})).not.toContain('status')
    expect(schemasOf('constructor')).toBeUndefined()
  })
})

describe('checkSchema', () => {
  const schema: Schema = {
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 5, pattern: '^[a-z]+$' },
      count: { type: 'integer', minimum: 0, maximum: 3 },
      ratio: { type: 'number' },
      port: { intOrString: true },
      size: { intOrString: true, pattern: '^[0-9]+(Mi)?$' },
      mode: { type: 'string', enum: ['a', 'b'] },
      tags: { type: 'array', items: { type: 'string' }, maxItems: 2 },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
      any: { type: 'object', free: true },
      none: { type: 'string', nullable: true },
    },
  }

  it('takes what fits', () => {
    const tree = {
      name: 'abc',
      count: 3,
      ratio: 0.5,
      port: 'http',
      size: 5,
      mode: 'a',
      tags: ['x'],
      labels: { a: 'b' },
      any: { x: [null, 1] },
      none: null,
    }
    expect(checkSchema(schema, tree)).toEqual([])
  })

  it.each([
    [{}, 'name', 'is missing'],
    [{ name: '' }, 'name', 'it takes 1 to 5'],
    [{ name: 'abcdef' }, 'name', 'has 6 characters'],
    [{ name: 'A' }, 'name', 'must match'],
    [{ name: 5 }, 'name', 'must be a text'],
    [{ name: null }, 'name', 'is empty'],
    [{ name: 'a', count: 4 }, 'count', '0 to 3'],
    [{ name: 'a', count: 1.5 }, 'count', 'must be a whole number'],
    [{ name: 'a', count: '1' }, 'count', '{{int …}}'],
    [{ name: 'a', port: 1.5 }, 'port', 'a whole number or a text'],
    [{ name: 'a', port: true }, 'port', 'a whole number or a text'],
    [{ name: 'a', size: '5Gi' }, 'size', 'must match'],
    [{ name: 'a', mode: 'c' }, 'mode', 'one of a, b'],
    [{ name: 'a', tags: 'x' }, 'tags', 'must be a list'],
    [{ name: 'a', tags: ['a', 'b', 'c'] }, 'tags', 'has 3 items'],
    [{ name: 'a', tags: [1] }, 'tags,0', 'must be a text'],
    [{ name: 'a', labels: { a: true } }, 'labels,a', 'must be a text'],
    [{ name: 'a', any: [] }, 'any', 'must be a mapping'],
    [{ name: 'a', coutn: 1 }, 'coutn', 'did you mean count?'],
    [{ name: 'a', toString: 'x' }, 'toString', 'no known key'],
  ])('refuses %j at %s: %s', (tree, path, advice) => {
    const flaws = checkSchema(schema, tree)
    expect(flaws.map((flaw) => flaw.path.join())).toEqual([path])
    expect(flaws[0]?.advice).toContain(advice)
  })
})
