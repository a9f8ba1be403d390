import { describe, expect, it } from 'vitest'
import { render } from '../../src/render/render.ts'
import { renderImage, renderUrl } from '../../src/render/render-url-and-image.ts'
import { renderRequest, someVariables } from '../support/render-request.ts'

function refused(text: string): unknown {
  const rendered = render(renderRequest(text, { name: 'shop.yaml.hbs' }))
  return rendered.kind === 'refused' ? rendered.refusals.map(({ message }) => message) : rendered.content
}

describe('a mistake in a template', () => {
  it.each([
    ['a: 1\nb: {{brnach}}\n', 'shop.yaml.hbs:2: "brnach" is not a variable: did you mean branch?'],
    [
      '{{#if branch}}\n\nb: {{repository.clonUrl}}\n{{/if}}',
      'shop.yaml.hbs:3: "repository.clonUrl" is not a variable: did you mean repository.cloneUrl?',
    ],
    ['{{values.projct}}', 'shop.yaml.hbs:1: "values.projct" is not a variable: did you mean values.project?'],
    ['{{#if isFork}}x{{/if}}', 'shop.yaml.hbs:1: "isFork" is not a variable: known are name namespace'],
    ['x: 1\n{{lowr branch}}', 'shop.yaml.hbs:2: "lowr" is no helper: did you mean lower?'],
    ['{{truncate branch}}', 'shop.yaml.hbs:1: gives truncate 1 values: it takes 2'],
    ['a\nb\n{{> header}}', 'shop.yaml.hbs:3: uses partials: they are not offered, write the text out'],
    [
      '{{#with branch}}x{{/with}}',
      'shop.yaml.hbs:1: "with" is no block: if, unless and each are, as in {{#if (eq a b)}}',
    ],
    [
      'a: {{repository}}',
      'shop.yaml.hbs:1: "repository" is a mapping: use {{#each …}}, {{json …}} or one of its parts',
    ],
  ])('%j is told with its place and the way out', (text, message) => {
    expect(refused(text)).toEqual([expect.stringContaining(message)])
  })

  it('of syntax names the line', () => {
    expect(refused('a: 1\nb: 2\n{{#if branch}}\nc: 3\n')).toEqual([
      expect.stringMatching(/^shop.yaml.hbs:\d: does not parse: /),
    ])
    expect(refused('a: 1\nb: {{branch\n')).toEqual([
      expect.stringMatching(/^shop.yaml.hbs:[23]: does not parse: /),
    ])
  })
})

describe('the address of a preview', () => {
  it.each([
    ['https://{{name}}.preview.acme.dev', 'https://shop-142-feature-login.preview.acme.dev'],
    ['http://localhost:8080/{{application}}/{{number}}/', 'http://localhost:8080/shop/142/'],
    ['https://{{values.tier}}.acme.dev/{{truncate (sha256 branch) 6}}', 'https://small.acme.dev/a6a92c'],
  ])('%s', (template, url) => {
    expect(renderUrl(template, someVariables)).toMatch(
      url.includes('a6a92c') ? /^https:\/\/small\.acme\.dev\/[0-9a-f]{6}$/ : url,
    )
  })

  it.each([
    ['https://{{title}}.acme.dev', 'is free text'],
    ['https://{{branch}}.acme.dev', 'is free text'],
    ['{{name}}', 'no http(s) URL'],
    ['javascript:alert({{number}})', 'no http(s) URL'],
    ['https://a@{{name}}.acme.dev', 'no http(s) URL'],
    ['https://{{nam}}.acme.dev', 'did you mean name?'],
    ['https://{{url}}', 'is not a variable'],
    ['https://{{name', 'does not parse'],
    ['https://', 'no http(s) URL'],
  ])('%s is refused: %s', (template, reason) => {
    expect(() => renderUrl(template, someVariables)).toThrow(reason)
  })

  const long = { ...someVariables, slug: `${'very-long-branch-'.repeat(5)}x`, name: 'n'.repeat(53) }

  it.each([
    ['https://{{slug}}.acme.dev', 'has 86 characters, and 63 are the most'],
    ['https://api-of-shop-{{name}}.acme.dev', 'has 65 characters, and 63 are the most'],
    ['https://{{slug}}{{slug}}.acme.dev', 'and 63 are the most'],
    ['https://-{{number}}.acme.dev', 'begins or ends with a dash'],
    ['https://{{number}}-.acme.dev', 'begins or ends with a dash'],
    ['https://{{number}}..acme.dev', 'a part of the host is empty'],
    ['https://a_{{number}}.acme.dev', 'more than letters, digits and dashes'],
    [`https://{{number}}.${'preview-of-acme.'.repeat(16)}dev`, 'and 253 are the most'],
  ])('law 9: %s gives no host that a DNS server would have: %s', (template, reason) => {
    expect(() => renderUrl(template, long)).toThrow(reason)
    expect(() => renderUrl(template, long)).toThrow(JSON.stringify(template))
  })

  it('is good with a name of any length, cut where the template cuts it', () => {
    expect(renderUrl('https://{{name}}.acme.dev', long)).toBe(`https://${'n'.repeat(53)}.acme.dev`)
    // Cut at a dash, which goes with it.
    expect(renderUrl('https://{{truncate slug 17}}.acme.dev', long)).toBe('https://very-long-branch.acme.dev')
  })

  it.each([
    'http://localhost:8080/{{name}}',
    'http://127.0.0.1/{{name}}',
    'http://[::1]:80/{{name}}',
    'https://acme.dev./{{name}}',
  ])('%s is an address as well', (template) => {
    expect(renderUrl(template, someVariables)).toContain(someVariables.name)
  })
})

describe('the image of a preview', () => {
  it('is filled in', () => {
    expect(renderImage('registry.acme.dev/shop:{{sha}}', someVariables)).toBe(someVariables.image)
  })

  it.each(['shop:{{title}}', 'a b:{{sha}}', '-x', ''])('%j is refused', (template) => {
    expect(() => renderImage(template, someVariables)).toThrow(/free text|no image/)
  })
})
