import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { render } from '../../src/render/render.ts'
import type { Variables } from '../../src/render/variables.ts'
import { renderRequest } from '../support/render-request.ts'

/** What a ConfigMap with one entry holds after rendering. */
function shown(expression: string, variables: Partial<Variables> = {}): unknown {
  const rendered = render(renderRequest(configMap(`  entry: ${expression}`), { variables }))
  if (rendered.kind === 'refused') return rendered.refusals.map(({ message }) => message)
  return (parse(rendered.content) as { data: { entry: unknown } }).data.entry
}

function configMap(data: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  namespace: {{namespace}}\ndata:\n${data}\n`
}

describe('helpers work on the real values', () => {
  it.each([
    ['{{lower "ABC"}}', 'abc'],
    ['{{upper branch}}', 'FEATURE/LOGIN'],
    ['{{slug branch}}', 'feature-login'],
    ['{{slug "Ünïcode // Name!"}}', 'n-code-name'],
    ['{{slug}}', 'feature-login'],
    ['{{truncate branch 3}}', 'fea'],
    ['{{truncate "👍👍👍" 2}}', '👍👍'],
    ['{{sha256 "abc"}}', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['{{truncate (sha256 "abc") 8}}', 'ba7816bf'],
    ['{{json labels}}', '["preview","frontend"]'],
    ['{{quote branch}}', 'feature/login'],
    ['{{default values.missing "none"}}', 'none'],
    ['{{default branch "none"}}', 'feature/login'],
    ['{{number}}', '142'],
    ['{{values.replicas}}', '2'],
    ['{{repository.owner}}-{{repository.name}}', 'acme-shop'],
    ['{{#if labels}}some{{else}}none{{/if}}', 'some'],
    ['{{#if values.missing}}some{{else}}none{{/if}}', 'none'],
    ['{{#unless values.debug}}quiet{{else}}loud{{/unless}}', 'loud'],
    ['{{#if (eq values.tier "small")}}s{{else if (eq values.tier "big")}}b{{/if}}', 's'],
    ['{{#if (ne number 142)}}other{{else}}this{{/if}}', 'this'],
    ['{{#if (and branch (not values.missing))}}yes{{/if}}-', 'yes-'],
    ['{{or values.missing branch}}', 'feature/login'],
    ['{{#each labels}}{{@index}}={{this}}{{#unless @last}}+{{/unless}}{{/each}}', '0=preview+1=frontend'],
    ['{{#each labels as |label i|}}{{i}}{{label}}{{../number}}{{/each}}', '0preview1421frontend142'],
    ['{{#each values.env}}{{@key}}:{{this}};{{/each}}', 'LEVEL:info;REGION:eu;'],
    ['{{#each values.missing}}x{{else}}nothing{{/each}}', 'nothing'],
    ['{{labels.[1]}}', 'frontend'],
    ['{{{branch}}}{{&branch}}', 'feature/loginfeature/login'],
    ['"{{branch}}" # {{title}}', 'feature/login'],
  ])('%s gives %j', (expression, value) => {
    expect(shown(expression)).toBe(value)
  })

  it.each([
    ['{{values.env}}', 'is a mapping'],
    ['{{labels}}', 'is a list'],
    ['{{image}}', 'is empty here'],
    ['{{url}}', 'is empty here'],
    ['{{int branch}}', 'is no whole number'],
    ['{{bool branch}}', 'is neither true nor false'],
    ['{{lower}}', 'is not a variable'],
    ['{{lower branch branch}}', 'gives lower 2 values: it takes 1'],
    ['{{truncate branch "x"}}', 'is no whole number'],
    ['{{lower branch a=1}}', 'named arguments'],
    ['{{#each branch}}x{{/each}}', 'neither a list nor a mapping'],
    ['{{eq values.missing "x"}}', 'is not a variable'],
    ['{{#each labels}}{{branch}}{{/each}}', 'inside {{#each}} write @root.branch'],
  ])('%s is refused: %s', (expression, reason) => {
    expect(shown(expression, { image: null, url: '' })).toEqual([expect.stringContaining(reason)])
  })
})

describe('typed helpers', () => {
  const typed = (line: string): unknown => {
    const quota = `apiVersion: v1
kind: ResourceQuota
metadata:
  name: x
  namespace: {{namespace}}
spec:
  hard:
    pods: ${line}
`
    const rendered = render(renderRequest(quota))
    return rendered.kind === 'refused' ? rendered.refusals[0]?.rule : parse(rendered.content)
  }

  it('give a real number where they stand alone', () => {
    expect(typed('{{int values.replicas}}')).toMatchObject({ spec: { hard: { pods: 2 } } })
    expect(typed('{{values.replicas}}')).toMatchObject({ spec: { hard: { pods: '2' } } })
    expect(typed('{{int "12"}}')).toMatchObject({ spec: { hard: { pods: 12 } } })
  })

  it.each([
    '"{{int number}}"',
    '1{{int number}}',
    "'{{bool values.debug}}'",
    'x-{{int number}}',
    '{{int number}}{{int number}}',
  ])('are refused within other text or quotes: %s', (line) => {
    expect(typed(line)).toBe('typed value')
  })

  it.each(['1e3', '0x10', '1.5', '', '007', '9007199254740993'])('{{int %j}} is no whole number', (value) => {
    expect(typed(`{{int ${JSON.stringify(value)}}}`)).toBe('template')
  })
})
