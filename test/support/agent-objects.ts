import type { TestObject } from './stand-in-cluster.ts'

/** How the objects of the preview shop/142 look, in an agent's own form. */
export interface AgentObjects {
  readonly kind: 'argocd' | 'flux'
  /** The agent's own namespace, and the root in it with what it reads. */
  readonly home: string
  readonly root: readonly TestObject[]
  /** Running and healthy at a commit. */
  ready(sha: string): readonly TestObject[]
  /** Its manifest was just applied: the spec is new, the status is about the commit before. */
  stale(sha: string, before: string): readonly TestObject[]
  /** Applied, and its workload comes up. */
  starting(sha: string): readonly TestObject[]
  /** Applied, and not healthy. */
  degraded(sha: string): readonly TestObject[]
}

export const name = 'shop-142-cart'
export const namespace = `preview-${name}`
export const shaA = 'a'.repeat(40)
export const shaB = 'b'.repeat(40)
const began = '2026-11-21T09:00:00Z'

function marked(kind: string, place: string | null, sha: string, more: object = {}): TestObject {
  return {
    kind,
    metadata: {
      name: place === null ? namespace : name,
      ...(place === null ? {} : { namespace: place }),
      labels: { 'app.kubernetes.io/managed-by': 'mayfly' },
      annotations: { 'mayfly.dev/preview': 'shop/142', 'mayfly.dev/sha': sha },
    },
    ...more,
  }
}

export function namespaceObject(sha: string): TestObject {
  return marked('Namespace', null, sha, { status: { phase: 'Active' } })
}

/** The same object, while somebody takes it away. */
export function leaving(object: TestObject, status: object = {}): TestObject {
  return { ...object, metadata: { ...object.metadata, deletionTimestamp: began }, status }
}

export const heldByAFinalizer = {
  phase: 'Terminating',
  conditions: [
    {
      type: 'NamespaceFinalizersRemaining',
      status: 'True',
      message:
        'Some content in the namespace has finalizers remaining: acme.example/hold in 1 resource instances',
    },
  ],
}

export const argocdObjects: AgentObjects = {
  kind: 'argocd',
  home: 'argocd',
  root: [
    {
      kind: 'Application',
      metadata: { name: 'previews', namespace: 'argocd' },
      spec: {
        project: 'previews-root',
        source: {
          repoURL: 'https://github.com/acme/environments.git',
          path: 'apps',
          targetRevision: 'dynamic-envs',
        },
        destination: { server: 'https://kubernetes.default.svc', namespace: 'argocd' },
        syncPolicy: {
          automated: { prune: true, selfHeal: true },
          retry: { limit: 0 },
          syncOptions: ['ApplyOutOfSyncOnly=true'],
        },
      },
    },
  ],
  ready: (sha) => [application(sha, { about: sha, health: 'Healthy' })],
  stale: (sha, before) => [application(sha, { about: before, health: 'Healthy' })],
  starting: (sha) => [application(sha, { about: sha, health: 'Progressing' })],
  degraded: (sha) => [application(sha, { about: sha, health: 'Degraded' })],
}

function application(sha: string, { about, health }: { about: string; health: string }): TestObject {
  const source = (targetRevision: string) => ({
    repoURL: 'https://github.com/acme/shop.git',
    path: 'deploy',
    targetRevision,
  })
  const destination = { server: 'https://kubernetes.default.svc', namespace }
  const sync = { status: 'Synced', revision: about, comparedTo: { source: source(about), destination } }
  return marked('Application', 'argocd', sha, {
    spec: { project: 'previews', destination, source: source(sha) },
    status: { sync, health: { status: health, lastTransitionTime: began } },
  })
}

export const fluxObjects: AgentObjects = {
  kind: 'flux',
  home: 'flux-system',
  root: [
    {
      kind: 'Kustomization',
      metadata: { name: 'previews', namespace: 'flux-system' },
      spec: {
        path: './apps',
        prune: true,
        interval: '1m',
        retryInterval: '30s',
        timeout: '1m',
        sourceRef: { kind: 'GitRepository', name: 'environments' },
      },
    },
    {
      kind: 'GitRepository',
      metadata: { name: 'environments', namespace: 'flux-system' },
      spec: {
        url: 'https://github.com/acme/environments.git',
        interval: '1m',
        ref: { branch: 'dynamic-envs' },
      },
    },
  ],
  ready: (sha) => [
    gitRepository(sha, sha),
    kustomization(sha, sha, { status: 'True', reason: 'ReconciliationSucceeded' }),
  ],
  stale: (sha, before) => [
    gitRepository(sha, before),
    kustomization(sha, before, { status: 'True', reason: 'ReconciliationSucceeded' }, 1),
  ],
  starting: (sha) => [
    gitRepository(sha, sha),
    kustomization(sha, sha, { status: 'Unknown', reason: 'Progressing' }),
  ],
  degraded: (sha) => [
    gitRepository(sha, sha),
    kustomization(sha, sha, {
      status: 'False',
      reason: 'HealthCheckFailed',
      message:
        "failed early due to stalled resources: [Deployment/preview-shop-142-cart/web status: 'Failed']",
    }),
  ],
}

function gitRepository(sha: string, fetched: string): TestObject {
  const ready = { type: 'Ready', status: 'True', observedGeneration: fetched === sha ? 2 : 1 }
  const object = marked('GitRepository', 'flux-system', sha, {
    spec: { url: 'https://github.com/acme/shop.git', ref: { commit: sha } },
    status: { conditions: [ready], observedGeneration: 2, artifact: { revision: `sha1:${fetched}` } },
  })
  return { ...object, metadata: { ...object.metadata, generation: 2 } }
}

function kustomization(sha: string, applied: string, ready: object, observedGeneration = 2): TestObject {
  const revision = `sha1:${applied}`
  const isUp = 'status' in ready && ready.status === 'True'
  const healthy = {
    type: 'Healthy',
    status: 'status' in ready ? ready.status : 'Unknown',
    observedGeneration,
  }
  const object = marked('Kustomization', 'flux-system', sha, {
    spec: { path: 'deploy', wait: true, sourceRef: { kind: 'GitRepository', name } },
    status: {
      conditions: [{ type: 'Ready', observedGeneration, lastTransitionTime: began, ...ready }, healthy],
      observedGeneration,
      lastAttemptedRevision: revision,
      ...(isUp ? { lastAppliedRevision: revision } : {}),
    },
  })
  return { ...object, metadata: { ...object.metadata, generation: 2 } }
}
