import type { Policy } from '../../src/render/policy.ts'
import type { RenderRequest } from '../../src/render/render.ts'
import type { Variables } from '../../src/render/variables.ts'

export const someVariables: Variables = {
  name: 'shop-142-feature-login',
  namespace: 'preview-shop-142-feature-login',
  url: 'https://shop-142-feature-login.preview.acme.dev',
  host: 'shop-142-feature-login.preview.acme.dev',
  application: 'shop',
  number: 142,
  branch: 'feature/login',
  slug: 'feature-login',
  targetBranch: 'main',
  sha: 'd4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c1d2e3',
  shortSha: 'd4e5f6a',
  author: 'ada',
  title: 'Let people log in',
  labels: ['preview', 'frontend'],
  mergeRequestUrl: 'https://git.acme.dev/acme/shop/pulls/142',
  repository: {
    fullName: 'acme/shop',
    owner: 'acme',
    name: 'shop',
    cloneUrl: 'https://git.acme.dev/acme/shop.git',
  },
  sourceCloneUrl: 'https://git.acme.dev/acme/shop.git',
  image: 'registry.acme.dev/shop:d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c1d2e3',
  values: {
    project: 'previews',
    replicas: 2,
    debug: true,
    tier: 'small',
    env: { LEVEL: 'info', REGION: 'eu' },
  },
}

export const somePolicy: Policy = {
  kinds: [
    'Namespace',
    'ResourceQuota',
    'LimitRange',
    'NetworkPolicy',
    'ConfigMap',
    'ServiceAccount',
    'Application',
    'Kustomization',
    'HelmRelease',
    'GitRepository',
    'HelmRepository',
    'OCIRepository',
    'ExternalSecret',
    'SealedSecret',
  ],
  projects: null,
  projectsThere: null,
  repositories: ['https://git.acme.dev/acme/environments.git', 'https://git.acme.dev/acme/shop.git'],
  destinations: ['https://kubernetes.default.svc', 'in-cluster'],
  namespace: someVariables.namespace,
  agentNamespace: null,
}

/** A request for one preview, with a template and, where needed, other values. */
export function renderRequest(
  text: string,
  changes: {
    readonly variables?: Partial<Variables>
    readonly policy?: Partial<Policy>
    readonly name?: string
  } = {},
): RenderRequest {
  const variables = { ...someVariables, ...changes.variables }
  return {
    template: { name: changes.name ?? 'preview.yaml.hbs', text },
    variables,
    annotations: {
      'mayfly.dev/preview': `${variables.application}/${variables.number}`,
      'mayfly.dev/merge-request': variables.mergeRequestUrl,
      'mayfly.dev/sha': variables.sha,
      'mayfly.dev/repository-id': '7',
    },
    policy: { ...somePolicy, namespace: variables.namespace, ...changes.policy },
    path: `apps/${variables.name}.yml`,
    holderOf: () => undefined,
  }
}
