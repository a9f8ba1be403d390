import { describe, expect, it } from 'vitest'
import { render } from '../../src/render/render.ts'
import { renderRequest } from '../support/render-request.ts'

/** Of every kind that the policy allows and that the API server looks into beyond its schema. */
const good = `apiVersion: v1
kind: Namespace
metadata:
  name: {{namespace}}
---
apiVersion: v1
kind: ResourceQuota
metadata:
  name: quota
  namespace: {{namespace}}
spec:
  hard: { pods: "10", requests.cpu: 500m, limits.memory: 2Gi }
---
apiVersion: v1
kind: LimitRange
metadata:
  name: limits
  namespace: {{namespace}}
spec:
  limits:
    - type: Container
      default: { cpu: 500m }
      defaultRequest: { cpu: 100m }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: policy
  namespace: {{namespace}}
spec:
  podSelector:
    matchLabels: { app: web }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] }
      ports:
        - { protocol: TCP, port: 8080 }
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: {{namespace}}
  labels: { team: web }
data:
  level: info
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
  namespace: {{namespace}}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {{name}}
  namespace: argocd
  finalizers: [resources-finalizer.argocd.argoproj.io]
spec:
  project: previews
  destination: { server: https://kubernetes.default.svc, namespace: "{{namespace}}" }
  source: { repoURL: "{{repository.cloneUrl}}", targetRevision: "{{sha}}", path: chart }
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: {{name}}
  namespace: flux-system
spec:
  url: {{repository.cloneUrl}}
  interval: 1h
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: {{name}}
  namespace: {{namespace}}
spec:
  interval: 10m
  chart:
    spec:
      chart: ./chart
      sourceRef: { kind: GitRepository, name: "{{name}}", namespace: flux-system }
`

const chartOfRelease = good.slice(good.indexOf('  chart:\n'))
const namespaceDocument = good.slice(0, good.indexOf('---\n') + 4)

/**
 * What one bad file does to the good ones beside it was measured on both agents: each of these is refused before the commit.
 * One row of that table cannot be known without the cluster and stops nobody else: a project or chart that does not exist.
 */
const measured: Readonly<
  Record<string, readonly (readonly [find: string, replace: string, rule: string])[]>
> = {
  'malformed YAML': [
    ['kind: ConfigMap', 'kind: [ConfigMap', 'template'],
    ['  level: info', '  level: info\n level: broken', 'template'],
    ['  level: info', '  level: info\n  level: again', 'yaml'],
    ['  level: info', '\tlevel: info', 'template'],
    ['  level: info', '  level: "info', 'template'],
    ['  level: info', '  level: *nothing', 'yaml'],
  ],
  'a kind without CRD': [
    ['apiVersion: v1\nkind: ConfigMap', 'apiVersion: acme.dev/v1\nkind: Preview', 'kind'],
    ['apiVersion: v1\nkind: ConfigMap', 'apiVersion: v2\nkind: ConfigMap', 'kind'],
    ['networking.k8s.io/v1\n', 'networking.k8s.io/v9\n', 'kind'],
    ['helm.toolkit.fluxcd.io/v2\n', 'helm.toolkit.fluxcd.io/v2beta1\n', 'kind'],
  ],
  'an unknown field': [
    ['  project: previews', '  project: previews\n  projekt: previews', 'schema'],
    ['\ndata:\n', '\ndate: {}\ndata:\n', 'schema'],
    ['  podSelector:', '  podSelektor: {}\n  podSelector:', 'schema'],
    ['  name: settings', '  name: settings\n  generateName: x', 'schema'],
    ['  interval: 10m', '  interval: 10m\n  intervall: 10m', 'schema'],
    ['  name: settings', '  name: settings\n  creationTimestamp: null', 'schema'],
    ['\ndata:\n', '\nstatus: {}\ndata:\n', 'schema'],
  ],
  'a wrong type': [
    ['  level: info', '  level: 7', 'schema'],
    ['  level: info', '  level: true', 'schema'],
    ['  level: info', '  level: {a: b}', 'schema'],
    ['policyTypes: [Ingress, Egress]', 'policyTypes: Ingress', 'schema'],
    ['  project: previews', '  project: [previews]', 'schema'],
    ['data:\n  level: info', 'data: [level]', 'schema'],
    ['{ team: web }', '{ team: 7 }', 'schema'],
    ['port: 8080', 'port: 80.5', 'schema'],
  ],
  'a missing required field': [
    ['  project: previews\n', '', 'schema'],
    ['cidr: 10.0.0.0/8, ', '', 'schema'],
    ['  interval: 10m\n', '', 'schema'],
    ['    - type: Container\n      default: { cpu: 500m }', '    - default: { cpu: 500m }', 'schema'],
    ['  name: settings\n', '', 'identity'],
  ],
  'an invalid name': [
    ['  name: settings', '  name: Settings', 'name'],
    ['  name: settings', '  name: settings_1', 'name'],
    ['  name: settings', '  name: -settings', 'name'],
    ['  name: settings', `  name: ${'a'.repeat(254)}`, 'name'],
    [
      '  name: {{name}}\n  namespace: argocd',
      `  name: {{name}}-${'a'.repeat(60)}\n  namespace: argocd`,
      'name',
    ],
  ],
  'a label that is too long or none': [
    ['{ team: web }', `{ team: ${'a'.repeat(64)} }`, 'label'],
    ['{ team: web }', '{ team: "a b" }', 'label'],
    ['{ team: web }', '{ team: web- }', 'label'],
    ['{ team: web }', '{ "te am": web }', 'label'],
    ['{ team: web }', `{ ${'a'.repeat(64)}: web }`, 'label'],
    ['  labels: { team: web }', '  annotations: { "a b": web }', 'annotation'],
  ],
  'an invalid Namespace name': [
    ['  name: {{namespace}}\n', '  name: {{namespace}}_x\n', 'name'],
    ['  name: {{namespace}}\n', '  name: {{namespace}}.x\n', 'name'],
    ['  name: {{namespace}}\n', `  name: {{namespace}}${'x'.repeat(60)}\n`, 'name'],
  ],
  'YAML without a kind': [
    ['kind: ConfigMap\n', '', 'identity'],
    ['apiVersion: v1\nkind: ConfigMap', 'kind: ConfigMap', 'identity'],
    [
      '---\napiVersion: v1\nkind: ServiceAccount',
      '---\nhello: world\n---\napiVersion: v1\nkind: ServiceAccount',
      'identity',
    ],
    [
      '---\napiVersion: v1\nkind: ServiceAccount',
      '---\n- a list\n---\napiVersion: v1\nkind: ServiceAccount',
      'identity',
    ],
  ],
  'the same object twice': [
    [
      'kind: ServiceAccount\nmetadata:\n  name: web',
      'kind: ConfigMap\nmetadata:\n  name: settings',
      'unique',
    ],
  ],
  'an object in a namespace that is not there': [
    [namespaceDocument, '', 'namespace'],
    ['  name: settings\n  namespace: {{namespace}}', '  name: settings\n  namespace: elsewhere', 'namespace'],
    ['  name: settings\n  namespace: {{namespace}}', '  name: settings', 'namespace'],
  ],
  'what makes the root wait': [
    ['  labels: { team: web }', '  annotations: { argocd.argoproj.io/sync-wave: "1" }', 'agent annotation'],
    [
      '  labels: { team: web }',
      '  annotations: { argocd.argoproj.io/sync-options: PruneLast=true }',
      'agent annotation',
    ],
    [
      '  labels: { team: web }',
      '  annotations: { argocd.argoproj.io/sync-options: "Validate=false, PruneLast=true" }',
      'agent annotation',
    ],
    ['  labels: { team: web }', '  annotations: { argocd.argoproj.io/hook: PreSync }', 'agent annotation'],
    [
      '  project: previews',
      '  project: previews\n  syncPolicy: { syncOptions: [PruneLast=true] }',
      'sync option',
    ],
  ],
}

/** What the API server looks at beyond types, of the kinds that are allowed. */
const validated: Readonly<
  Record<string, readonly (readonly [find: string, replace: string, rule: string])[]>
> = {
  'a quantity': [
    ['requests.cpu: 500m', 'requests.cpu: lots', 'value'],
    ['requests.cpu: 500m', 'requests.cpu: 5 Gi', 'schema'],
    ['requests.cpu: 500m', 'requests.cpu: "-1"', 'value'],
    ['default: { cpu: 500m }', 'default: { cpu: 500mm }', 'value'],
  ],
  'what a quota counts': [
    ['requests.cpu: 500m', 'requsts.cpu: 500m', 'value'],
    ['pods: "10"', 'pods: "1.5"', 'value'],
  ],
  'a limit': [
    ['type: Container', 'type: Containers', 'value'],
    ['defaultRequest: { cpu: 100m }', 'defaultRequest: { cpu: 900m }', 'value'],
    ['default: { cpu: 500m }', 'max: { cpu: 200m }\n      default: { cpu: 500m }', 'value'],
  ],
  'the life of a namespace': [
    [
      '  name: {{namespace}}\n---',
      '  name: {{namespace}}\nspec: { finalizers: [acme.dev/hold] }\n---',
      'finalizer',
    ],
    ['  name: {{namespace}}\n---', '  name: {{namespace}}\n  finalizers: [acme.dev/hold]\n---', 'finalizer'],
  ],
  'a HelmRelease': [
    [chartOfRelease, '', 'source'],
    [chartOfRelease, `${chartOfRelease}  chartRef: { kind: OCIRepository, name: "{{name}}" }\n`, 'source'],
  ],
  'a network': [
    ['cidr: 10.0.0.0/8', 'cidr: 10.0.0.0', 'value'],
    ['cidr: 10.0.0.0/8', 'cidr: 10.0.0.256/8', 'value'],
    ['cidr: 10.0.0.0/8', 'cidr: anywhere', 'value'],
    ['except: [10.1.0.0/16]', 'except: [11.0.0.0/8]', 'value'],
    ['except: [10.1.0.0/16]', 'except: ["::ffff:10.1.0.0/112"]', 'value'],
    ['except: [10.1.0.0/16]', 'except: [10.0.0.0/8]', 'value'],
    ['port: 8080', 'port: 70000', 'value'],
    ['port: 8080', 'port: Not_A_Port', 'value'],
    ['port: 8080', 'port: 8080, endPort: 80', 'value'],
    ['protocol: TCP', 'protocol: HTTP', 'value'],
    ['policyTypes: [Ingress, Egress]', 'policyTypes: [Inbound]', 'value'],
    ['matchLabels: { app: web }', 'matchLabels: { app: "a b" }', 'value'],
    ['matchLabels: { app: web }', 'matchExpressions: [{ key: app, operator: Is }]', 'value'],
    ['matchLabels: { app: web }', 'matchExpressions: [{ key: app, operator: In }]', 'value'],
    ['        - ipBlock: {', '        - podSelector: {}\n          ipBlock: {', 'value'],
    ['        - ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] }', '        - {}', 'value'],
  ],
  'a key of a ConfigMap': [
    ['  level: info', '  "a b": info', 'value'],
    ['  level: info', '  a/b: info', 'value'],
    ['  level: info', '  ..: info', 'value'],
    ['  level: info', `  ${'a'.repeat(254)}: info`, 'value'],
    ['\ndata:\n', '\nbinaryData: { level: aGVsbG8= }\ndata:\n', 'value'],
    ['\ndata:\n', '\nbinaryData: { other: "no base64!" }\ndata:\n', 'value'],
  ],
}

/** Where an agent is configured; both live in one namespace here. */
function request(text: string) {
  return renderRequest(text.replaceAll('flux-system', 'argocd'), { policy: { agentNamespace: 'argocd' } })
}

function refusalsOf(find: string, replace: string): readonly string[] {
  const text = good.replace(find, () => replace)
  if (text === good) throw new Error(`nothing to replace: ${find}`)
  const rendered = render(request(text))
  return rendered.kind === 'refused' ? rendered.refusals.map(({ rule }) => rule) : []
}

describe('law 11: what would stop an agent’s root for all is refused before the commit', () => {
  it('begins with what is good', () => {
    expect(render(request(good))).toMatchObject({ kind: 'rendered' })
  })

  describe.each(Object.entries({ ...measured, ...validated }))('%s', (_, cases) => {
    it.each(cases)('%j as %j', (find, replace, rule) => {
      expect(refusalsOf(find, replace)).toContain(rule)
    })
  })

  it('an object that another manifest of the branch holds', () => {
    const held = { ...request(good), holderOf: () => 'apps/other.yml' }
    expect(render(held)).toMatchObject({ kind: 'refused' })
  })
})
