import { describe, expect, it } from 'vitest'
import { render } from '../../src/render/render.ts'
import { renderRequest } from '../support/render-request.ts'

const hostile = 'x,image.repository=evil.example/miner'

function configMap(data: string): string {
  return `apiVersion: v1
kind: ConfigMap
metadata: { name: "{{name}}-values", namespace: "{{namespace}}" }
data:
  ${data}
`
}

function helmRelease(reference: string): string {
  return `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: "{{name}}", namespace: "{{namespace}}" }
spec:
  interval: 10m
  chart: { spec: { chart: app, sourceRef: { kind: HelmRepository, name: charts } } }
  valuesFrom:
    - { kind: ConfigMap, name: "{{name}}-values"${reference} }
`
}

function kustomization(name = '{{name}}-values'): string {
  return `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: "{{name}}", namespace: flux-system }
spec:
  interval: 10m
  targetNamespace: "{{namespace}}"
  prune: true
  sourceRef: { kind: GitRepository, name: apps }
  postBuild: { substituteFrom: [{ kind: ConfigMap, name: "${name}" }] }
`
}

/** What the rule says, in the order of the places; empty when it says nothing. */
function refusals(documents: readonly string[], title: string): readonly string[] {
  const result = render(renderRequest(documents.join('---\n'), { variables: { title } }))
  if (result.kind === 'rendered') return []
  return result.refusals
    .filter(({ rule }) => rule === 'second parser')
    .map(({ path, message }) => `${path}: ${message}`)
}

describe('K8 and law 8: a text of one document that another one reads again', () => {
  const title = configMap('title: "{{title}}"')
  const file = configMap('values.yaml: "title: {{title}}"')

  it.each([
    [
      'valuesFrom with targetPath',
      [title, helmRelease(', valuesKey: title, targetPath: app.title')],
      hostile,
    ],
    ['the reader first', [helmRelease(', valuesKey: title, targetPath: app.title'), title], hostile],
    [
      'null would take a value away',
      [title, helmRelease(', valuesKey: title, targetPath: app.title')],
      'null',
    ],
    ['valuesFrom as a file', [file, helmRelease('')], 'x\nimage: evil'],
    ['a flow map in a file', [file, helmRelease('')], '{a: b}'],
    ['a key in a file', [file, helmRelease('')], 'x:'],
    ['a comment in a file', [file, helmRelease('')], 'x #'],
    [
      'a file under another key',
      [configMap('my.yaml: "title: {{title}}"'), helmRelease(', valuesKey: my.yaml')],
      'x: y',
    ],
    ['substituteFrom', [title, kustomization()], 'x\ny'],
    ['substituteFrom, a variable in a value', [title, kustomization()], '${secret}'],
  ])('%s: refused where it could be structure, and the place is named', (_case, documents, hostileTitle) => {
    expect(refusals(documents, hostileTitle)).toEqual([
      expect.stringMatching(/^data[.[][^]*is read again by (HelmRelease|Kustomization) /),
    ])
    expect(refusals(documents, 'a-plain.title')).toEqual([])
  })

  it.each([
    ['nobody reads it', [title]],
    ['another key is read', [title, helmRelease('')]],
    ['another ConfigMap is read', [title, kustomization('other')]],
  ])('%s: any text may stand there', (_case, documents) => {
    expect(refusals(documents, hostile)).toEqual([])
  })
})
