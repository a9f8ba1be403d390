import { describe, expect, it } from 'vitest'
import { render } from '../../src/render/render.ts'
import { renderRequest, someVariables } from '../support/render-request.ts'

const argocd = `apiVersion: v1
kind: Namespace
metadata:
  name: {{namespace}}
  labels: { team: web }
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: {{namespace}}
data:
  level: info
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: deny
  namespace: {{namespace}}
spec:
  podSelector: {}
  policyTypes: [Ingress]
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {{name}}
  namespace: argocd
  finalizers: [resources-finalizer.argocd.argoproj.io]
spec:
  project: previews
  destination:
    server: https://kubernetes.default.svc
    namespace: {{namespace}}
  source:
    repoURL: {{repository.cloneUrl}}
    targetRevision: {{sha}}
    path: chart
  syncPolicy:
    automated: { prune: true, selfHeal: true }
`

const flux = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: {{name}}
  namespace: flux-system
spec:
  url: {{repository.cloneUrl}}
  interval: 1h
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: {{name}}
  namespace: flux-system
spec:
  interval: 10m
  targetNamespace: {{namespace}}
  sourceRef: { kind: GitRepository, name: "{{name}}" }
  prune: true
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

/** What is changed in a good manifest: the rule that must refuse it, the text, what replaces it. */
type Case = readonly [rule: string, find: string, replace: string]

const source = '    path: chart\n'
const settings = '  name: settings\n  namespace: {{namespace}}\n'
const fluxTarget = '  targetNamespace: {{namespace}}\n'

const argocdCases: readonly Case[] = [
  // Kinds
  ['secret', 'kind: ConfigMap', 'kind: Secret'],
  ['kind', 'kind: ConfigMap', 'kind: Pod'],
  ['kind', 'kind: ConfigMap', 'kind: configmap'],
  [
    'kind',
    'apiVersion: v1\nkind: ConfigMap',
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding',
  ],
  ['kind', 'apiVersion: v1\nkind: ConfigMap', 'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding'],
  ['kind', 'apiVersion: v1\nkind: ConfigMap', 'apiVersion: argoproj.io/v1alpha1\nkind: AppProject'],
  ['kind', 'apiVersion: v1\nkind: ConfigMap', 'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet'],
  [
    'kind',
    'apiVersion: v1\nkind: ConfigMap',
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition',
  ],
  [
    'kind',
    'apiVersion: v1\nkind: ConfigMap',
    'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration',
  ],
  ['kind', 'apiVersion: v1\nkind: ConfigMap', 'apiVersion: evil.example/v1\nkind: ConfigMap'],
  ['kind', 'apiVersion: argoproj.io/v1alpha1', 'apiVersion: argoproj.io/v1'],
  ['kind', 'apiVersion: argoproj.io/v1alpha1', 'apiVersion: app.k8s.io/v1beta1'],
  [
    'kind',
    'apiVersion: v1\nkind: ConfigMap',
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization',
  ],
  ['identity', 'kind: ConfigMap', 'kind: ConfigMapList'],
  ['identity', 'apiVersion: v1\nkind: ConfigMap', 'apiVersion: v1\nkind: List\nitems: []'],
  ['identity', '\ndata:\n', '\nitems: []\ndata:\n'],
  ['identity', 'kind: ConfigMap\n', ''],
  ['identity', 'apiVersion: v1\nkind: ConfigMap', 'kind: ConfigMap'],
  ['identity', '  name: settings\n', ''],
  ['identity', '  name: settings\n', '  generateName: settings-\n'],
  ['identity', '  name: settings\n', '  name: 5\n'],
  ['identity', '  name: settings\n', '  name: ""\n'],
  ['identity', 'kind: ConfigMap', 'kind: [ConfigMap]'],
  [
    'identity',
    'metadata:\n  name: settings\n  namespace: {{namespace}}\ndata:\n  level: info',
    'metadata: x',
  ],
  ['identity', 'apiVersion: v1\nkind: Namespace', 'just text\n---\napiVersion: v1\nkind: Namespace'],
  ['identity', 'apiVersion: v1\nkind: Namespace', '- a list\n---\napiVersion: v1\nkind: Namespace'],
  ['literal', 'kind: ConfigMap', 'kind: {{title}}'],
  ['literal', 'apiVersion: v1\nkind: ConfigMap', 'apiVersion: "{{branch}}"\nkind: ConfigMap'],
  // Schema
  ['schema', '\ndata:\n', '\ndatas:\n'],
  ['schema', '  level: info', '  level: 5'],
  ['schema', '  level: info', '  level: true'],
  ['schema', '  level: info', '  level:'],
  ['schema', '  level: info', '  level: { deep: x }'],
  ['schema', 'data:\n  level: info', 'data: []'],
  ['schema', '  podSelector: {}\n', '  podSelector: []\n'],
  ['schema', '  policyTypes: [Ingress]', '  policyTypes: Ingress'],
  ['schema', '  policyTypes: [Ingress]', '  policyType: [Ingress]'],
  ['schema', '  policyTypes: [Ingress]', '  ingress: [{ from: [{ ipBlock: { except: [] } }] }]'],
  ['schema', '  policyTypes: [Ingress]', '  egress: [{ ports: [{ port: [80] }] }]'],
  ['schema', settings, `${settings}  generateName: x\n`],
  ['schema', settings, `${settings}  creationTimestamp: "2026-11-21T00:00:00Z"\n`],
  ['schema', settings, `${settings}  deletionGracePeriodSeconds: 0\n`],
  ['schema', settings, `${settings}  labels: [a]\n`],
  ['schema', settings, `${settings}  labels: { a: 1 }\n`],
  ['schema', settings, `${settings}  annotations: { a: true }\n`],
  ['schema', settings, `${settings}  annotations:\n`],
  ['schema', '  project: previews\n', ''],
  ['schema', '  project: previews\n', '  project: 5\n'],
  ['schema', '    targetRevision: {{sha}}\n', '    targetRevison: {{sha}}\n'],
  ['schema', '    targetRevision: {{sha}}\n', '    targetRevision: 1234567\n'],
  ['schema', '    targetRevision: {{sha}}\n', '    targetRevision: {{int number}}\n'],
  ['schema', 'prune: true, selfHeal', 'prune: yes, selfHeal'],
  ['schema', 'prune: true, selfHeal', 'prune: "true", selfHeal'],
  ['schema', '  syncPolicy:\n', '  syncpolicy:\n'],
  ['schema', 'spec:\n  project', 'operation: { sync: { revision: HEAD } }\nspec:\n  project'],
  ['schema', 'spec:\n  project', 'status: {}\nspec:\n  project'],
  ['schema', '  labels: { team: web }\n', '  labels: { team: web }\nspec: { finalizers: [kubernetes] }\n'],
  // Metadata
  ['owner', settings, `${settings}  ownerReferences: [{ apiVersion: v1, kind: Node, name: x, uid: y }]\n`],
  ['name', '  name: settings\n', '  name: Settings\n'],
  ['name', '  name: settings\n', '  name: a_b\n'],
  ['name', '  name: settings\n', '  name: -a\n'],
  ['name', '  name: settings\n', '  name: "{{title}}"\n'],
  ['name', '  name: settings\n', '  name: "../x"\n'],
  ['name', '  name: settings\n', `  name: ${'a'.repeat(254)}\n`],
  ['name', '  name: {{name}}\n', `  name: "{{name}}-${'a'.repeat(60)}"\n`],
  ['name', '  name: {{name}}\n', '  name: "{{name}}."\n'],
  ['label', '{ team: web }', '{ team: "{{title}}" }'],
  ['label', '{ team: web }', '{ team: "{{branch}}" }'],
  ['label', '{ team: web }', `{ team: ${'a'.repeat(64)} }`],
  ['label', '{ team: web }', '{ team: a- }'],
  ['label', '{ team: web }', '{ "a b": web }'],
  ['label', '{ team: web }', '{ "a/b/c": web }'],
  ['label', '{ team: web }', '{ "UPPER.example/x": web }'],
  ['label', '{ team: web }', `{ ${'a'.repeat(64)}: web }`],
  ['annotation', settings, `${settings}  annotations: { "a b": x }\n`],
  ['annotation', settings, `${settings}  annotations: { a: "${'x'.repeat(205 * 1024)}" }\n`],
  ['mayfly mark', settings, `${settings}  annotations: { mayfly.dev/preview: other/1 }\n`],
  ['mayfly mark', settings, `${settings}  annotations: { mayfly.dev/pinned: "true" }\n`],
  ['mayfly mark', settings, `${settings}  annotations: { mayfly.dev/sha: "{{title}}" }\n`],
  ['mayfly mark', '{ team: web }', '{ app.kubernetes.io/managed-by: Helm }'],
  ['finalizer', settings, `${settings}  finalizers: [acme.example/hold]\n`],
  ['finalizer', settings, `${settings}  finalizers: [resources-finalizer.argocd.argoproj.io]\n`],
  ['finalizer', '  finalizers: [resources-finalizer.argocd.argoproj.io]\n', ''],
  ['finalizer', '[resources-finalizer.argocd.argoproj.io]', '[]'],
  [
    'finalizer',
    '[resources-finalizer.argocd.argoproj.io]',
    '[resources-finalizer.argocd.argoproj.io, foregroundDeletion]',
  ],
  ['finalizer', '[resources-finalizer.argocd.argoproj.io]', '[post-delete-finalizer.argocd.argoproj.io]'],
  // Placement
  ['namespace', '  name: settings\n  namespace: {{namespace}}', '  name: settings\n  namespace: kube-system'],
  ['namespace', '  name: settings\n  namespace: {{namespace}}', '  name: settings\n  namespace: argocd'],
  ['namespace', '  name: settings\n  namespace: {{namespace}}', '  name: settings'],
  ['namespace', '  name: settings\n  namespace: {{namespace}}', '  name: settings\n  namespace: "{{slug}}"'],
  ['namespace', '  namespace: argocd', '  namespace: kube-system'],
  ['namespace', '  namespace: argocd', '  namespace: flux-system'],
  ['namespace', '  name: {{namespace}}\n  labels', '  name: other\n  labels'],
  ['namespace', '  name: {{namespace}}\n  labels', '  name: {{namespace}}\n  namespace: x\n  labels'],
  ['reserved namespace', '  name: {{namespace}}\n  labels', '  name: kube-system\n  labels'],
  ['reserved namespace', '  name: {{namespace}}\n  labels', '  name: argocd\n  labels'],
  ['reserved namespace', '  name: {{namespace}}\n  labels', '  name: default\n  labels'],
  ['reserved namespace', '  name: {{namespace}}\n  labels', '  name: flux-system\n  labels'],
  ['object name', '  name: {{name}}\n', '  name: previews\n'],
  ['object name', '  name: {{name}}\n', '  name: shop-141-other\n'],
  ['object name', '  name: {{name}}\n', '  name: "{{name}}x"\n'],
  [
    'unique',
    '---\napiVersion: networking',
    `---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n${settings}---\napiVersion: networking`,
  ],
  // Argo CD
  ['project', '  project: previews', '  project: default'],
  ['project', '  project: previews', '  project: "{{title}}"'],
  ['project', '  project: previews', '  project: "{{slug}}"'],
  ['project', '  project: previews', '  project: other'],
  ['project', '  project: previews', '  project: "{{default values.missing branch}}"'],
  ['destination', '    server: https://kubernetes.default.svc\n', '    server: https://other.example:6443\n'],
  ['destination', '    server: https://kubernetes.default.svc\n', '    name: production\n'],
  ['destination', '    server: https://kubernetes.default.svc\n', '    name: "{{title}}"\n'],
  [
    'destination',
    '    server: https://kubernetes.default.svc\n',
    '    name: in-cluster\n    server: https://kubernetes.default.svc\n',
  ],
  ['destination', '    server: https://kubernetes.default.svc\n', ''],
  ['destination', '    namespace: {{namespace}}\n  source', '    namespace: kube-system\n  source'],
  ['destination', '    namespace: {{namespace}}\n  source', '  source'],
  ['destination', '    namespace: {{namespace}}\n  source', '    namespace: "{{branch}}"\n  source'],
  ['source', source, `${source}    plugin: { name: x }\n`],
  ['source', source, `${source}    helm: { namespace: kube-system }\n`],
  ['source', source, `${source}    kustomize: { namespace: argocd }\n`],
  ['source', '  syncPolicy:\n', '  sources: [{ repoURL: "{{repository.cloneUrl}}" }]\n  syncPolicy:\n'],
  [
    'source',
    '  syncPolicy:\n',
    '  sourceHydrator: { drySource: { repoURL: x, path: x, targetRevision: x }, syncSource: { path: x, targetBranch: x } }\n  syncPolicy:\n',
  ],
  [
    'source',
    '  source:\n    repoURL: {{repository.cloneUrl}}\n    targetRevision: {{sha}}\n    path: chart\n',
    '',
  ],
  ['sync option', '  syncPolicy:\n', '  syncPolicy:\n    syncOptions: [CreateNamespace=true]\n'],
  ['sync option', '  syncPolicy:\n', '  syncPolicy:\n    syncOptions: ["CreateNamespace = true"]\n'],
  ['sync option', '  syncPolicy:\n', '  syncPolicy:\n    syncOptions: [PruneLast=true]\n'],
  ['sync option', '  syncPolicy:\n', '  syncPolicy:\n    syncOptions: [Prune=false]\n'],
  ['sync option', '  syncPolicy:\n', '  syncPolicy:\n    syncOptions: [Delete=confirm]\n'],
  ['sync option', '  syncPolicy:\n', '  syncPolicy:\n    syncOptions: ["{{title}}"]\n'],
  // Repositories
  ['repository', 'repoURL: {{repository.cloneUrl}}', 'repoURL: https://evil.example/x.git'],
  ['repository', 'repoURL: {{repository.cloneUrl}}', 'repoURL: https://git.acme.dev/acme/shop-evil.git'],
  ['repository', 'repoURL: {{repository.cloneUrl}}', 'repoURL: https://git.acme.dev/acme/shop/../other.git'],
  ['repository', 'repoURL: {{repository.cloneUrl}}', 'repoURL: https://git.acme.dev/acme/%2e%2e/other'],
  ['repository', 'repoURL: {{repository.cloneUrl}}', 'repoURL: https://user:pass@git.acme.dev/acme/shop.git'],
  [
    'repository',
    'repoURL: {{repository.cloneUrl}}',
    'repoURL: https://git.acme.dev@evil.example/acme/shop.git',
  ],
  ['repository', 'repoURL: {{repository.cloneUrl}}', 'repoURL: https://git.acme.dev/acme/shop.git?x=1'],
  ['repository', 'repoURL: {{repository.cloneUrl}}', 'repoURL: http://git.acme.dev/acme/shop.git'],
  ['repository', 'repoURL: {{repository.cloneUrl}}', 'repoURL: file:///etc'],
  ['repository', 'repoURL: {{repository.cloneUrl}}', 'repoURL: git@git.acme.dev:acme/shop.git'],
  ['repository', 'repoURL: {{repository.cloneUrl}}', 'repoURL: "{{title}}"'],
  ['repository', 'repoURL: {{repository.cloneUrl}}', 'repoURL: ""'],
  ['repository', 'repoURL: {{repository.cloneUrl}}', 'repoURL: "https://git.acme.dev/acme/shop.git "'],
  ['value file', source, `${source}    helm: { valueFiles: [https://evil.example/values.yaml] }\n`],
  ['value file', source, `${source}    helm: { valueFiles: [$values/x.yaml] }\n`],
  ['value file', source, `${source}    helm: { valueFiles: [../../other/values.yaml] }\n`],
  ['value file', source, `${source}    helm: { valueFiles: [/etc/passwd] }\n`],
  ['value file', source, `${source}    helm: { fileParameters: [{ name: a, path: /etc/passwd }] }\n`],
  ['value file', source, `${source}    helm: { valueFiles: ["secrets://x"] }\n`],
  ['component', source, `${source}    kustomize: { components: ["https://evil.example/x"] }\n`],
  ['component', source, `${source}    kustomize: { components: ["github.com/evil/x//y"] }\n`],
  ['component', source, `${source}    kustomize: { components: ["git@evil.example:x"] }\n`],
  // What agents read again
  ['spliced value', source, `${source}    kustomize: { images: ["shop={{title}}"] }\n`],
  ['spliced value', source, `${source}    kustomize: { nameSuffix: "{{number}}" }\n`],
  ['spliced value', source, `${source}    kustomize: { commonLabels: { title: "{{title}}" } }\n`],
  ['spliced value', source, `${source}    kustomize: { commonAnnotations: { title: "{{title}}" } }\n`],
  ['spliced value', source, `${source}    helm: { releaseName: "{{title}}" }\n`],
  ['spliced value', source, `${source}    helm: { valueFiles: ["{{title}}.yaml"] }\n`],
  ['spliced value', source, '    path: "{{title}}"\n'],
  ['spliced value', source, `${source}    directory: { include: "{{title}}" }\n`],
  ['parameter', source, `${source}    helm: { parameters: [{ name: a, value: "{{branch}}" }] }\n`],
  [
    'parameter',
    source,
    `${source}    helm: { parameters: [{ name: a, value: "{{number}}", forceString: false }] }\n`,
  ],
  ['parameter', source, `${source}    helm: { parameters: [{ name: a, value: "x-{{sha}}" }] }\n`],
  ['literal', source, `${source}    helm: { parameters: [{ name: "{{slug}}", value: x }] }\n`],
  [
    'literal',
    source,
    `${source}    directory: { jsonnet: { tlas: [{ name: a, value: "{{title}}", code: true }] } }\n`,
  ],
  [
    'literal',
    '  syncPolicy:\n',
    '  ignoreDifferences: [{ kind: X, jqPathExpressions: ["{{title}}"] }]\n  syncPolicy:\n',
  ],
  ['second parser', source, `${source}    helm: { values: "{{title}}" }\n`],
  ['second parser', source, `${source}    helm: { values: "a: b: {{title}}" }\n`],
  [
    'second parser',
    source,
    `${source}    helm:\n      values: |\n        a: {{title}}\n        ---\n        b: 1\n`,
  ],
  ['second parser', source, `${source}    kustomize: { patches: [{ patch: "{{branch}}" }] }\n`],
  ['yaml', source, `${source}    helm: { values: "{{branch}}: x" }\n`],
  [
    'patch path',
    source,
    `${source}    kustomize:\n      patches:\n        - patch: |\n            - op: add\n              path: /metadata/labels/{{branch}}\n              value: x\n`,
  ],
  // Marks for agents
  ...[
    'argocd.argoproj.io/sync-wave: "-1"',
    'argocd.argoproj.io/hook: PreSync',
    'argocd.argoproj.io/hook-delete-policy: HookSucceeded',
    'helm.sh/hook: pre-install',
  ].map(mark),
  ...[
    'argocd.argoproj.io/sync-options: Prune=false',
    'argocd.argoproj.io/sync-options: "Validate=false,PruneLast=true"',
    'argocd.argoproj.io/sync-options: Delete=false',
  ].map(mark),
  ...[
    'argocd.argoproj.io/tracking-id: x',
    'argocd.argoproj.io/skip-reconcile: "true"',
    'argocd.argoproj.io/compare-options: IgnoreExtraneous',
  ].map(mark),
  ...[
    'kustomize.toolkit.fluxcd.io/prune: disabled',
    'kustomize.toolkit.fluxcd.io/reconcile: disabled',
    'kustomize.toolkit.fluxcd.io/ssa: Ignore',
  ].map(mark),
  ...[
    'config.kubernetes.io/local-config: "true"',
    'kubectl.kubernetes.io/last-applied-configuration: "{}"',
  ].map(mark),
]

function mark(annotation: string): Case {
  return ['agent annotation', settings, `${settings}  annotations: { ${annotation} }\n`]
}

const fluxCases: readonly Case[] = [
  ['prune', '  prune: true\n', '  prune: false\n'],
  ['schema', '  prune: true\n', ''],
  ['prune', '  prune: true\n', '  prune: true\n  deletionPolicy: Orphan\n'],
  ['schema', '  prune: true\n', '  prune: "true"\n'],
  ['destination', fluxTarget, ''],
  ['destination', fluxTarget, '  targetNamespace: kube-system\n'],
  ['destination', fluxTarget, '  targetNamespace: "{{slug}}"\n'],
  ['destination', fluxTarget, `${fluxTarget}  kubeConfig: { secretRef: { name: production } }\n`],
  ['destination', '  interval: 10m\n  chart:', '  interval: 10m\n  targetNamespace: kube-system\n  chart:'],
  ['destination', '  interval: 10m\n  chart:', '  interval: 10m\n  storageNamespace: flux-system\n  chart:'],
  [
    'destination',
    '  interval: 10m\n  chart:',
    '  interval: 10m\n  kubeConfig: { secretRef: { name: production } }\n  chart:',
  ],
  ['destination', '  namespace: {{namespace}}\nspec:', '  namespace: flux-system\nspec:'],
  [
    'create namespace',
    '  interval: 10m\n  chart:',
    '  interval: 10m\n  install: { createNamespace: true }\n  chart:',
  ],
  [
    'source',
    '  interval: 10m\n  chart:',
    '  interval: 10m\n  chartRef: { kind: OCIRepository, name: x }\n  chart:',
  ],
  ['source reference', 'name: "{{name}}" }\n  prune', 'name: "{{slug}}" }\n  prune'],
  ['source reference', 'name: "{{name}}" }\n  prune', 'name: x, namespace: kube-system }\n  prune'],
  ['source reference', 'name: "{{name}}", namespace: flux-system', 'name: "{{name}}"'],
  [
    'secret',
    '  prune: true\n',
    '  prune: true\n  postBuild: { substituteFrom: [{ kind: Secret, name: x }] }\n',
  ],
  [
    'secret',
    '  namespace: {{namespace}}\nspec:\n  interval: 10m',
    '  namespace: flux-system\nspec:\n  targetNamespace: {{namespace}}\n  valuesFrom: [{ kind: Secret, name: flux-system }]\n  interval: 10m',
  ],
  ['literal', '  prune: true\n', '  prune: true\n  serviceAccountName: "{{slug}}"\n'],
  [
    'literal',
    '  prune: true\n',
    '  prune: true\n  healthCheckExprs: [{ apiVersion: v1, kind: X, current: "{{title}}" }]\n',
  ],
  [
    'literal',
    '  interval: 10m\n  chart:',
    '  interval: 10m\n  valuesFrom: [{ kind: ConfigMap, name: "{{slug}}" }]\n  chart:',
  ],
  ['literal', '  interval: 1h\n', '  interval: 1h\n  secretRef: { name: "{{slug}}" }\n'],
  [
    'spliced value',
    '  prune: true\n',
    '  prune: true\n  postBuild: { substitute: { TITLE: "{{title}}" } }\n',
  ],
  [
    'spliced value',
    '  prune: true\n',
    '  prune: true\n  postBuild: { substitute: { NUMBER: "{{number}}" } }\n',
  ],
  ['spliced value', '  prune: true\n', '  prune: true\n  namePrefix: "{{title}}-"\n'],
  ['spliced value', '  prune: true\n', '  prune: true\n  images: [{ name: x, newTag: "{{title}}" }]\n'],
  ['spliced value', '  interval: 10m\n  chart:', '  interval: 10m\n  releaseName: "{{title}}"\n  chart:'],
  ['spliced value', '  interval: 1h\n', '  interval: 1h\n  ignore: "{{title}}"\n'],
  ['schema', '  interval: 1h\n', '  interval: soon\n'],
  ['schema', '  interval: 1h\n', '  interval: 60\n'],
  ['schema', '  interval: 10m\n  chart:', '  interval: 10m\n  intervall: 10m\n  chart:'],
  ['schema', '  interval: 10m\n  chart:', '  chart:'],
  ['schema', 'kind: GitRepository, name: "{{name}}" }\n  prune', 'kind: Git, name: "{{name}}" }\n  prune'],
  ['schema', '  prune: true\n', '  prune: true\n  patches: [{ patch: {} }]\n'],
  ['repository', '  url: {{repository.cloneUrl}}', '  url: https://evil.example/x.git'],
  ['repository', '  url: {{repository.cloneUrl}}', '  url: ssh://git@git.acme.dev/acme/other'],
  ['kind', 'kustomize.toolkit.fluxcd.io/v1\n', 'kustomize.toolkit.fluxcd.io/v1beta2\n'],
  ['component', '  prune: true\n', '  prune: true\n  components: ["https://evil.example/x"]\n'],
]

describe('law 9: what breaks the policy is refused', () => {
  it('is tried in many ways, from manifests that pass', () => {
    expect(argocdCases.length + fluxCases.length).toBeGreaterThan(190)
    expect(render(renderRequest(argocd))).toMatchObject({ kind: 'rendered' })
    expect(render(renderRequest(flux))).toMatchObject({ kind: 'rendered' })
  })

  const all = [
    ...argocdCases.map(([rule, ...change]) => [rule, argocd, ...change] as const),
    ...fluxCases.map(([rule, ...change]) => [rule, flux, ...change] as const),
  ]
  it.each(all)('by the rule: %s (#%#)', (rule, base, find, replace) => {
    const template = base.replace(find, () => replace)
    expect(template).not.toBe(base)
    const projects = find.includes('project') ? ['preview*'] : null
    const variables = { title: 'Fix: "it", {now}\n---\n- x' }
    const rendered = render(renderRequest(template, { variables, policy: { projects } }))
    expect(rendered.kind, `passed: ${replace}`).toBe('refused')
    if (rendered.kind !== 'refused') return
    expect(rendered.refusals.map((refusal) => refusal.rule)).toContain(rule)
    for (const refusal of rendered.refusals) {
      expect(refusal.message).toContain(refusal.path)
      expect(refusal.message.length).toBeGreaterThan(refusal.path.length + 20)
    }
  })

  it('a project that Argo CD does not have, where that is known', () => {
    const withProjects = (...names: readonly string[]) =>
      render(renderRequest(argocd, { policy: { projectsThere: new Set(names) } }))
    expect(withProjects('other', 'previews')).toMatchObject({ kind: 'rendered' })
    expect(withProjects('other')).toMatchObject({
      kind: 'refused',
      refusals: [
        {
          path: 'spec.project',
          rule: 'project',
          message: expect.stringContaining('that Argo CD does not have: create it first') as unknown,
        },
      ],
    })
  })

  it('says document, place, value, rule and the way out', () => {
    const rendered = render(renderRequest(argocd.replace('project: previews', 'project: default')))
    expect(rendered).toEqual({
      kind: 'refused',
      refusals: [
        {
          document: 4,
          path: 'spec.project',
          value: '"default"',
          rule: 'project',
          message:
            'document 4, spec.project: "default" may do anything: make a project for previews and write its name',
        },
      ],
    })
  })

  it('shows no credentials of a refused address', () => {
    const rendered = render(
      renderRequest(
        argocd.replace('{{repository.cloneUrl}}', 'https://bot:hunter2@git.acme.dev/acme/shop.git'),
      ),
    )
    expect(JSON.stringify(rendered)).not.toContain('hunter2')
  })

  it('refuses an object that another manifest holds, by its path', () => {
    const request = renderRequest(argocd)
    const holderOf = (object: string) =>
      object === '/ConfigMap/preview-shop-142-feature-login/settings' ? 'apps/other.yml' : undefined
    expect(render({ ...request, holderOf })).toMatchObject({
      refusals: [{ rule: 'held', document: 2, message: expect.stringContaining('apps/other.yml') as string }],
    })
    expect(render({ ...request, holderOf: () => request.path })).toMatchObject({ kind: 'rendered' })
  })

  it('refuses a manifest without a document', () => {
    for (const text of ['', '# nothing\n', '---\n---\n', '{{#if values.missing}}a: b{{/if}}'])
      expect(render(renderRequest(text))).toMatchObject({ refusals: [{ rule: 'template' }] })
  })

  it('refuses a manifest of more than 256 KiB', () => {
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  namespace: {{namespace}}\ndata:\n  a: "{{#each labels}}{{this}}{{/each}}"\n`
    const labels = Array.from({ length: 30 }, () => 'x'.repeat(10_000))
    expect(render(renderRequest(text, { variables: { labels } }))).toMatchObject({
      refusals: [{ rule: 'size' }],
    })
  })
})

describe('what the policy lets pass', () => {
  const passes = (text: string, policy = {}) => {
    expect(render(renderRequest(text, { policy }))).toMatchObject({ kind: 'rendered' })
  }

  it.each([
    ['another spelling of an allowed address', '{{repository.cloneUrl}}', 'https://GIT.acme.dev/acme/shop/'],
    ['a constant of the operator for the project', 'project: previews', 'project: {{values.project}}'],
    ['a cluster by name', 'server: https://kubernetes.default.svc', 'name: in-cluster'],
    ['the agent’s object in the preview’s namespace', 'namespace: argocd', 'namespace: {{namespace}}'],
    [
      'several sources with value files between them',
      '  source:\n    repoURL: {{repository.cloneUrl}}\n',
      '  sources:\n  - repoURL: https://git.acme.dev/acme/environments\n    ref: values\n  - helm: { valueFiles: [$values/shop.yaml] }\n    repoURL: {{repository.cloneUrl}}\n',
    ],
    [
      'a forced string parameter',
      source,
      `${source}    helm: { parameters: [{ name: a, value: "{{branch}}", forceString: true }] }\n`,
    ],
    [
      'a parameter of the operator',
      source,
      `${source}    helm: { parameters: [{ name: a, value: "{{values.tier}}" }] }\n`,
    ],
    ['its own marks', settings, `${settings}  annotations: { mayfly.dev/sha: "{{sha}}" }\n`],
    ['a title in an annotation', settings, `${settings}  annotations: { title: "{{title}}" }\n`],
    [
      'an ordinary image',
      source,
      `${source}    kustomize: { images: ["{{image}}"], nameSuffix: "-{{slug}}" }\n`,
    ],
  ])('%s', (_, find, replace) => {
    passes(argocd.replace(find, () => replace))
  })

  it('a kind that the operator added, in the preview’s namespace only', () => {
    const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: x\n  namespace: {{namespace}}\n'
    passes(service, { kinds: ['Service'] })
    passes(service.replace('v1', 'acme.dev/v1'), { kinds: ['Service.acme.dev'] })
    const elsewhere = render(
      renderRequest(service.replace('{{namespace}}', 'kube-system'), { policy: { kinds: ['Service'] } }),
    )
    expect(elsewhere).toMatchObject({ refusals: [{ rule: 'namespace' }] })
    expect(
      render(renderRequest(service.replace('Service', 'Secret'), { policy: { kinds: ['Secret'] } })),
    ).toMatchObject({ refusals: [{ rule: 'secret' }] })
  })

  it('the agent’s own namespace where one is configured', () => {
    passes(argocd.replace('namespace: argocd', 'namespace: gitops'), { agentNamespace: 'gitops' })
    expect(render(renderRequest(argocd, { policy: { agentNamespace: 'gitops' } }))).toMatchObject({
      refusals: [{ rule: 'namespace' }],
    })
  })
})

describe('the commit of a fork', () => {
  const url = 'https://git.acme.dev/ada/shop.git'
  const { sha } = someVariables
  const renderFork = (text: string, fork: { url: string; sha: string } | null) =>
    render(
      renderRequest(text.replace('{{repository.cloneUrl}}', '{{sourceCloneUrl}}'), {
        variables: { sourceCloneUrl: url },
        policy: fork === null ? {} : { fork },
      }),
    )
  const pinnedFlux = flux.replace(
    '  interval: 1h\n',
    '  interval: 1h\n  ref: { branch: "{{branch}}", commit: "{{sha}}" }\n',
  )

  it.each([
    ['Argo CD', argocd],
    ['Flux', pinnedFlux],
  ])('may come from the fork, when it is named: %s', (_, text) => {
    expect(renderFork(text, { url, sha })).toMatchObject({ kind: 'rendered' })
  })

  it.each([
    ['a branch that moves on', argocd.replace('targetRevision: {{sha}}', 'targetRevision: {{branch}}')],
    ['no commit beside the branch', pinnedFlux.replace(', commit: "{{sha}}"', '')],
    ['nothing', flux],
    ['part of the commit', pinnedFlux.replace('{{sha}}', '{{shortSha}}')],
    [
      'a second source that is not held to it',
      argocd.replace(
        /  source:\n    repoURL.*\n.*\n.*\n/,
        '  sources:\n  - { repoURL: "{{sourceCloneUrl}}", targetRevision: "{{sha}}", path: a }\n  - { repoURL: "{{sourceCloneUrl}}", targetRevision: main, path: a }\n',
      ),
    ],
  ])('is refused with %s', (_, text) => {
    expect(renderFork(text, { url, sha })).toMatchObject({
      kind: 'refused',
      refusals: [
        expect.objectContaining({
          rule: 'repository',
          message: expect.stringContaining('{{sha}}') as string,
        }),
      ],
    })
  })

  it('is refused where nobody admitted a fork, and from any other repository', () => {
    expect(renderFork(argocd, null)).toMatchObject({ kind: 'refused', refusals: [{ rule: 'repository' }] })
    const other = { url: 'https://git.acme.dev/eve/shop.git', sha }
    expect(renderFork(argocd, other)).toMatchObject({ kind: 'refused', refusals: [{ rule: 'repository' }] })
  })
})
