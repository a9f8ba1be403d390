import { describe, expect, it } from 'vitest'
import { render } from '../../src/render/render.ts'
import { renderRequest } from '../support/render-request.ts'

const prototypes = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  '__lookupGetter__',
  'constructor.constructor',
  'toString.call',
  'branch.constructor',
  'branch.length',
  'labels.length',
  'labels.map',
  'labels.constructor',
  'values.constructor',
  'values.__proto__',
  'values.env.toString',
  'repository.constructor.name',
  'this.constructor',
  '@root.constructor',
  '@root.__proto__',
  '../constructor',
  '../../x',
  '@data',
  '@index',
  '@partial-block',
  '@level',
  '@root.missing',
  'helperMissing',
  'blockHelperMissing',
  'lookup',
  'with',
  'log',
  'branch.[0]',
  '[__proto__]',
  './constructor',
  'this/constructor',
]

const calls = [
  'lookup this "constructor"',
  'lookup . "__proto__"',
  'with branch',
  'log "x"',
  'helperMissing branch',
  'blockHelperMissing branch',
  'constructor branch',
  '__proto__ branch',
  'toString branch',
  'hasOwnProperty "x"',
  'if branch',
  'each labels',
  'require "fs"',
  'eval "1"',
  'values.env.toString "x"',
  'lower (lookup this "constructor")',
  'lower (constructor "x")',
  'json this',
  'json .',
  'json @root',
  'lower values',
  'lower this',
  'sha256 labels',
  'truncate branch -1e9 1',
  'truncate branch 1e300',
  'truncate branch NaN',
  'int "1e999"',
  'int "Infinity"',
  'bool "yes"',
  'default',
  'and',
  'or',
  'not',
  'eq branch',
  'eq branch labels',
  'lower branch x=1',
  'lower null',
  'lower undefined',
  'lower true',
  'json undefined',
]

const blocks = [
  '{{#with branch}}x{{/with}}',
  '{{#lookup this "a"}}x{{/lookup}}',
  '{{#branch}}x{{/branch}}',
  '{{^branch}}x{{/branch}}',
  '{{#labels}}x{{/labels}}',
  '{{#constructor}}x{{/constructor}}',
  '{{#__proto__}}x{{/__proto__}}',
  '{{#blockHelperMissing branch}}x{{/blockHelperMissing}}',
  '{{#helperMissing}}x{{/helperMissing}}',
  '{{#eq branch "x"}}x{{/eq}}',
  '{{#if}}x{{/if}}',
  '{{#if branch title}}x{{/if}}',
  '{{#if branch includeZero=true}}x{{/if}}',
  '{{#each}}x{{/each}}',
  '{{#each branch}}x{{/each}}',
  '{{#each number}}x{{/each}}',
  '{{> partial}}',
  '{{> (lower branch)}}',
  '{{> @partial-block}}',
  '{{#> layout}}x{{/layout}}',
  '{{#*inline "a"}}x{{/inline}}{{> a}}',
  '{{* decorate}}',
  '{{#*decorate}}x{{/decorate}}',
  '{{#each labels as |a b c|}}{{c}}{{/each}}',
  '{{#with "s" as |string|}}{{#with "e"}}{{#with split as |conslist|}}{{this.pop}}{{/with}}{{/with}}{{/with}}',
  '{{#each values}}{{#each this}}{{#each this}}x{{/each}}{{/each}}{{/each}}',
  '{{{{raw}}}} {{x}} {{{{/raw}}}}',
  '{{{{if branch}}}} {{x}} {{{{/if}}}}{{missing}}',
  '{{#if branch}}{{/unless}}',
  '{{/if}}',
  '{{#if branch}}',
  '{{',
  '{{{',
  '{{branch',
  '{{{branch}}',
  '{{branch}}}}}{{',
  '{{"unterminated}}',
  '{{(branch)}}',
  '{{(lower)}}',
  '{{((lower branch))}}',
  '{{..}}',
  '{{../branch}}',
  '{{@}}',
  '{{[}}',
  '{{]}}',
  '{{|x|}}',
  '{{a.b.c.d.e.f}}',
  '{{1}}{{2.5}}: {{"x"}}: y',
]

const bombs: Readonly<Record<string, string>> = {
  'blocks in blocks': '{{#if branch}}'.repeat(20_000) + '{{/if}}'.repeat(20_000),
  'open blocks': '{{#if branch}}'.repeat(18_000),
  'calls in calls': `{{lower ${'(lower '.repeat(20_000)}branch${')'.repeat(20_000)}}}`,
  'open calls': `{{lower ${'('.repeat(100_000)}`,
  parents: `{{${'../'.repeat(50_000)}branch}}`,
  'a long name': `{{${'a'.repeat(100_000)}}}`,
  'a long path': `{{${'a.'.repeat(50_000)}b}}`,
  'many braces': '{{'.repeat(60_000),
  'many backslashes': '\\{{'.repeat(40_000),
  'many comments': '{{!-- x'.repeat(20_000),
  'loops in loops': '{{#each labels}}'.repeat(18) + '{{branch}}' + '{{/each}}'.repeat(18),
  'much output': '{{#each labels}}'.repeat(8) + 'x'.repeat(5_000) + '{{/each}}'.repeat(8),
  'flow in flow': `a: ${'['.repeat(100_000)}`,
  'maps in maps': `a: ${'{a: '.repeat(50_000)}`,
  'lists in a line': `a:\n  ${'- '.repeat(100_000)}x`,
  'keys in a line': '? '.repeat(100_000),
  'colons in a line': 'a: '.repeat(80_000),
  'deep indentation': Array.from({ length: 600 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
  'many laughs': `a: &a [x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd', 'e', 'f', 'g'].map((name, index) => `${name}: &${name} [${`*${'abcdef'.charAt(index)},`.repeat(9)}]`).join('\n')}\n`,
  'an alias of itself': 'a: &a\n  b: *a\n',
  'many keys': Array.from({ length: 18_000 }, (_, index) => `k${index}: x`).join('\n'),
  'too large a template': 'x'.repeat(300_000),
}

const all = [
  ...prototypes.map((name) => `{{${name}}}`),
  ...prototypes.map((name) => `{{lower ${name}}}`),
  ...prototypes.map((name) => `{{#if ${name}}}x{{/if}}{{#each ${name}}}{{this}}{{/each}}{{missing}}`),
  ...calls.map((call) => `{{${call}}}`),
  ...blocks,
]

describe('hostile templates', () => {
  it('are many', () => {
    expect(all.length + Object.keys(bombs).length).toBeGreaterThan(200)
  })

  it.each(all)('%s never runs code, and never renders', (expression) => {
    const template = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  namespace: {{namespace}}\ndata:\n  a: ${expression}\n`
    const rendered = render(renderRequest(template))
    // `labels.length` and an index into a text are honest answers at most; none reaches a prototype.
    if (rendered.kind === 'rendered')
      expect(rendered.content).toMatch(/^ {2}a: ("2"|\|?.*(feature\/login|true|null|""|\{\\"name)).*$/m)
    expect(JSON.stringify(rendered)).not.toMatch(/native code|\[object|function/)
  })

  it.each(Object.entries(bombs))('%s end in a refusal', (_, template) => {
    expect(render(renderRequest(template)).kind).toBe('refused')
  })

  it('a template that is no text is an error, not a program', () => {
    const program = { type: 'Program', body: [], strip: {}, loc: { start: {}, end: {} } }
    expect(() => render(renderRequest(program as unknown as string))).toThrow(TypeError)
  })

  it('values cannot bring prototypes either', () => {
    const values = JSON.parse('{"__proto__": {"polluted": "yes"}, "constructor": "c"}') as Record<
      string,
      unknown
    >
    const template = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  namespace: {{namespace}}\ndata:\n{{#each values}}\n  {{@key}}: {{json this}}\n{{/each}}\n`
    const rendered = render(renderRequest(template, { variables: { values } }))
    expect(rendered.kind === 'rendered' && rendered.content).toContain('"__proto__": "{\\"polluted')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})
