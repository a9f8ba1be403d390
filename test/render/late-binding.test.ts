import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Rendered, render } from '../../src/render/render.ts'
import type { Variables } from '../../src/render/variables.ts'
import { nastyStrings } from '../support/nasty-strings.ts'
import { parsedManifest, shapeOf, textsIn } from '../support/parsed-manifest.ts'
import { renderRequest, someVariables } from '../support/render-request.ts'

const folder = join(import.meta.dirname, '../../templates')
const starters = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml.hbs'))
  .map((file) => [file, readFileSync(join(folder, file), 'utf8')] as const)

/** Every place in YAML where somebody may write a value without thinking. */
const everywhere = `# a comment with {{title}} and {{branch}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: everywhere
  namespace: {{namespace}} # {{title}}
  annotations:
    plain: {{V}}
    single: '{{V}}'
    double: "{{V}}"
    quoted: {{quote V}}
    middle: before {{V}} after
    twice: {{V}}{{V}}
    raw: {{{V}}}
    upper: {{upper V}}
    hash: {{sha256 V}}
    cut: "{{truncate V 5}}"
    json: {{json V}}
    literal: |
      first
      {{V}}
      last
    folded: >-
      first
      {{V}}
    flow: [{{V}}][0]
data: {flow: {{V}} , "other": "x{{V}}"}
`.replace('    flow: [{{V}}][0]\n', '')

const nested = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {{name}}
  namespace: argocd
  finalizers: [resources-finalizer.argocd.argoproj.io]
spec:
  project: previews
  destination: { server: https://kubernetes.default.svc, namespace: "{{namespace}}" }
  source:
    repoURL: https://git.acme.dev/acme/shop
    targetRevision: HEAD
    path: chart
    helm:
      valuesObject:
        tree: {{V}}
        list:
          - {{V}}
          - {deep: "{{V}}"}
        replicas: {{int number}}
      values: |
        plain: {{V}}
        "single": '{{V}}'
        double: "{{V}}"
        list: [ {{V}} , x]
        replicas: {{int number}}
        # a comment {{V}}
        block: |
          text
          {{V}}
    kustomize:
      patches:
        - patch: |-
            - op: add
              path: /metadata/annotations/x
              value: {{V}}
        - patch: |
            kind: Deployment
            metadata:
              name: web
              annotations:
                branch: {{V}}
                more: "a {{V}} b"
`

/** What comes from a merge request, or may be odd all the same. */
const slots: Readonly<Record<string, (text: string) => Partial<Variables>>> = {
  branch: (branch) => ({ branch }),
  targetBranch: (targetBranch) => ({ targetBranch }),
  title: (title) => ({ title }),
  author: (author) => ({ author }),
  slug: (slug) => ({ slug }),
  sha: (sha) => ({ sha }),
  shortSha: (shortSha) => ({ shortSha }),
  mergeRequestUrl: (mergeRequestUrl) => ({ mergeRequestUrl }),
  name: (name) => ({ name }),
  namespace: (namespace) => ({ namespace }),
  'repository.fullName': (fullName) => ({ repository: { ...someVariables.repository, fullName } }),
  'repository.owner': (owner) => ({ repository: { ...someVariables.repository, owner } }),
  'repository.cloneUrl': (cloneUrl) => ({ repository: { ...someVariables.repository, cloneUrl } }),
  sourceCloneUrl: (sourceCloneUrl) => ({ sourceCloneUrl }),
  'values.tier': (tier) => ({ values: { ...someVariables.values, tier } }),
  'labels.[0]': (label) => ({ labels: [label, 'frontend'] }),
}

const evil = Object.keys(slots).flatMap((slot) => [
  [
    `everywhere: ${slot}`,
    everywhere.replaceAll('V}', `${slot}}`).replaceAll('V 5', `${slot} 5`),
    slot,
  ] as const,
  [`nested: ${slot}`, nested.replaceAll('V}', `${slot}}`), slot] as const,
])

/** The parts of a starter apart, as far as they can stand alone: smaller texts are read sooner. */
const parts = starters.flatMap(([file, text], index) => {
  const cut = text.search(/---\n# (What Argo CD deploys|Where Flux fetches)/)
  const deployment = [file, text.slice(cut + 4)] as const
  return index === 0
    ? [['what all starters begin with', text.slice(0, cut)] as const, deployment]
    : [deployment]
})

const honestShapes = new Map<string, unknown>()

/** What a template is when every value is harmless. */
function honestShape(text: string): unknown {
  const known = honestShapes.get(text)
  if (known !== undefined) return known
  const honest = render(renderRequest(text))
  if (honest.kind === 'refused') throw new Error(honest.refusals.map(({ message }) => message).join('\n'))
  const shape = shapeOf(parsedManifest(honest.content))
  honestShapes.set(text, shape)
  return shape
}

/** The one law of values: same shape as with honest values, or a refusal that says why. */
function expectLateBound(text: string, variables: Partial<Variables>): Rendered {
  const rendered = render(renderRequest(text, { variables }))
  if (rendered.kind === 'refused') {
    expect(rendered.refusals.length).toBeGreaterThan(0)
    for (const refusal of rendered.refusals) expect(refusal.message).toMatch(/: ./s)
    return rendered
  }
  expect(shapeOf(parsedManifest(rendered.content))).toEqual(honestShape(text))
  return rendered
}

describe('law 8: values never become structure', () => {
  it('is tried with many nasty texts', () => {
    expect(new Set(nastyStrings).size).toBeGreaterThan(180)
  })

  it.each(parts)('in %s', (_, text) => {
    const used = Object.entries(slots).filter(([name]) => text.includes(name))
    for (const nasty of nastyStrings) for (const [, slot] of used) expectLateBound(text, slot(nasty))
  })

  it.each(evil.filter(([, , slot]) => /title|sha$|label|tier/.test(slot)))(
    'in a template with a value at every place, %s',
    (_, text, slot) => {
      for (const nasty of nastyStrings) expectLateBound(text, slots[slot]?.(nasty) ?? {})
    },
  )

  it('and arrive unchanged, one level down as well', () => {
    for (const nasty of nastyStrings) {
      const rendered = expectLateBound(nested.replaceAll('V}', 'title}'), { title: nasty })
      expect(rendered.kind).toBe('rendered')
      const texts = rendered.kind === 'rendered' ? textsIn(parsedManifest(rendered.content)) : []
      expect(texts.filter((text) => text === nasty).length).toBe(9)
      expect(texts).toContain(`a ${nasty} b`)
    }
  })

  it('for any text at all', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...nastyStrings),
    )
    const pair = fc.tuple(text, text).map(([a, b]) => a + b)
    fc.assert(
      fc.property(fc.constantFrom(...evil), pair, ([, template, slot], value) => {
        expectLateBound(template, slots[slot]?.(value) ?? {})
      }),
      { numRuns: 1000 },
    )
  })

  it('even when a value looks like a token', () => {
    const rendered = expectLateBound(nested.replaceAll('V}', 'title}'), {
      title: 'MayflyToken0N1E',
      namespace: 'ns-secret',
    })
    expect(
      rendered.kind === 'rendered' &&
        textsIn(parsedManifest(rendered.content)).filter((text) => text === 'MayflyToken0N1E').length,
    ).toBe(9)
  })

  it('even when the template contains what a token looks like', () => {
    const text =
      `# MayflyToken0N\n${everywhere.replaceAll('V}', 'title}').replaceAll('V 5', 'title 5')}  extra: MayflyToken0N0E\n`
        .replace('data: {', 'data:\n  flow: ')
        .replace(/flow: .*\n/, 'flow: x\n')
    const rendered = render(renderRequest(text))
    expect(rendered.kind === 'rendered' && rendered.content).toContain('extra: MayflyToken0N0E')
  })
})

describe('where a value cannot stand', () => {
  const inConfigMap = (line: string) =>
    render(
      renderRequest(
        `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  namespace: {{namespace}}\ndata:\n  ${line}\n`,
      ),
    )

  it.each([
    ['{{branch}}: x', 'cannot be a key'],
    ['"{{branch}}": x', 'cannot be a key'],
    ['? {{title}}\n  : x', 'cannot be a key'],
    ['x-{{slug}}: x', 'cannot be a key'],
    ['a: !!{{branch}} x', 'explicit tag'],
    ['a: !{{branch}} x', 'explicit tag'],
    ['a: !!int "1"', 'explicit tag'],
    ['a: &{{slug}} x', 'anchor'],
    ['a: *{{slug}}', 'no anchor'],
    ['a: |{{number}}\n    x', 'broken YAML'],
    ['a: 1\n  a: 2', 'stands twice'],
    ['{{application}}: 1\n  shop: 2', 'stands twice'],
    ['<<: {a: b}', 'merge keys'],
    ['1: x', 'a key is not a plain text'],
    ['[a]: x', 'a key is not a plain text'],
    ['a: 0755', 'leading zero'],
    ['a: 12345678901234567890', 'cannot be kept exactly'],
    ['a: .inf', 'cannot be kept exactly'],
    ['a: "x', 'broken YAML'],
    ['a: x\n b: y', 'broken YAML'],
    ['a: &a [*a]', 'deeper than 64'],
  ])('%j is refused: %s', (line, reason) => {
    const rendered = inConfigMap(line)
    expect(rendered.kind).toBe('refused')
    expect(rendered.kind === 'refused' && rendered.refusals[0]?.message).toContain(reason)
  })

  it('takes constants of the operator as keys', () => {
    const rendered = inConfigMap(
      '{{application}}-x: a\n{{#each values.env}}\n  {{@key}}: {{this}}\n{{/each}}',
    )
    expect(rendered.kind === 'rendered' && parsedManifest(rendered.content)).toMatchObject([
      { data: { 'shop-x': 'a', LEVEL: 'info', REGION: 'eu' } },
    ])
  })

  it('names the line of the template, not of what it renders', () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\n{{#each labels}}\n# {{this}}\n{{/each}}\ndata:\n  a: "x\n'
    const rendered = render(renderRequest(text))
    expect(rendered.kind === 'refused' && rendered.refusals[0]?.path).toMatch(/^preview.yaml.hbs:[78]$/)
  })
})
