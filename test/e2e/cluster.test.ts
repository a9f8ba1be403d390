import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { applicationState, refreshApplication } from './support/cluster/application-state.ts'
import { argocdNamespace } from './support/cluster/argocd.ts'
import { type Cluster, startCluster } from './support/cluster/cluster.ts'
import { fluxNamespace } from './support/cluster/flux.ts'
import { fluxState, requestFetch } from './support/cluster/flux-state.ts'
import { addGiteaCredentials, fluxGiteaSecret } from './support/cluster/gitea-credentials.ts'
import { kinds } from './support/cluster/object.ts'
import { type GiteaServer, startGitea } from './support/gitea.ts'
import { createOrganisation, createRepository, pushFiles } from './support/gitea-repository.ts'

const repository = 'acme/environments'
const branch = 'dynamic-envs'

describe('the rig: real agents on a real API server, fed by a real Gitea', { timeout: 120_000 }, () => {
  let gitea: GiteaServer
  let cluster: Cluster
  let url = ''

  beforeAll(async () => {
    gitea = await startGitea()
    cluster = await startCluster('cluster')
    url = `${gitea.url}/${repository}.git`
    await createOrganisation(gitea.operator, 'acme')
    await createRepository(gitea.operator, { repository, writers: [gitea.bot], private: true })
    await addGiteaCredentials(cluster.client, gitea.bot)
    await push('main', { 'charts/web/Chart.yaml': chart, 'charts/web/templates/web.yaml': chartTemplate })
    await push('main', { 'plain/web.yaml': deployment('nginx:1') })
  }, 180_000)

  afterAll(async () => {
    await Promise.all([cluster.stop(), gitea.stop()])
  }, 60_000)

  /** One commit on `dynamic-envs`, which the first one makes. */
  const commit = (files: Readonly<Record<string, string | null>>) =>
    pushFiles(gitea.bot, repository, { branch, files }).catch(() =>
      pushFiles(gitea.bot, repository, { branch, from: 'main', files }),
    )
  const push = (to: string, files: Readonly<Record<string, string>>) =>
    pushFiles(gitea.operator, repository, { branch: to, files })

  const soon = { withinMs: 60_000, everyMs: 100 }
  const named = (name: string) => cluster.client.get(kinds.namespace, { name })
  const webIn = (namespace: string) => cluster.client.get(kinds.deployment, { name: 'web', namespace })

  async function isUp(application: string): Promise<void> {
    await eventually(async () => {
      const state = await applicationState(cluster.client, application)
      expect(state).toMatchObject({ sync: 'Synced', health: 'Healthy', conditions: [] })
    }, soon)
  }

  it('Argo CD brings a file of Git up with a chart, and takes all of it away with the file', async () => {
    await commit({ 'apps/mayfly.yml': inert, 'apps/shop-1.yml': argocdPreview(url, 'shop-1', 'nginx:1') })
    await cluster.client.apply(argocdRoot(url))
    await isUp('previews')
    await isUp('shop-1')
    expect(await webIn('preview-shop-1')).toMatchObject({ status: { readyReplicas: 1 } })

    const sha = await commit({ 'apps/shop-1.yml': null })
    await refreshApplication(cluster.client, 'previews')
    await eventually(async () => (await named('preview-shop-1')) === undefined, soon)
    // On a busy machine the namespace may be gone first.
    await eventually(async () => (await applicationState(cluster.client, 'shop-1')) === undefined, soon)
    expect(await applicationState(cluster.client, 'previews')).toMatchObject({ revision: sha })
  })

  it('an image that is not there keeps its preview from being healthy', async () => {
    await commit({ 'apps/shop-2.yml': argocdPreview(url, 'shop-2', 'nginx:missing') })
    await refreshApplication(cluster.client, 'previews')
    await eventually(async () => {
      expect(await applicationState(cluster.client, 'shop-2')).toMatchObject({ health: 'Degraded' })
    }, soon)
    const pods = await cluster.client.list(kinds.pod, { namespace: 'preview-shop-2' })
    expect(JSON.stringify(pods)).toContain('ImagePullBackOff')
    await commit({ 'apps/shop-2.yml': null })
    await refreshApplication(cluster.client, 'previews')
    await eventually(async () => (await named('preview-shop-2')) === undefined, soon)
  })

  it('Flux brings a file of Git up, and takes all of it away with the file', async () => {
    await commit({ 'flux/mayfly.yml': inert, 'flux/shop-3.yml': fluxPreview('shop-3') })
    await cluster.client.apply(fluxRoot(url))
    const ready = (name: string) => async () => {
      expect(await fluxState(cluster.client, kinds.kustomization, inFlux(name))).toMatchObject({
        ready: 'True',
      })
    }
    await eventually(ready('previews'), soon)
    await eventually(ready('shop-3'), soon)
    expect(await webIn('preview-shop-3')).toMatchObject({ status: { readyReplicas: 1 } })

    const sha = await commit({ 'flux/shop-3.yml': null })
    await requestFetch(cluster.client, inFlux('environments'))
    await eventually(async () => (await named('preview-shop-3')) === undefined, soon)
    expect(await fluxState(cluster.client, kinds.kustomization, inFlux('previews'))).toMatchObject({
      revision: `${branch}@sha1:${sha}`,
    })
  })

  it('a service account can do what its role says and nothing else', async () => {
    await cluster.client.apply(reader)
    const { client } = await cluster.as({ namespace: 'default', name: 'reader' })
    expect((await client.list(kinds.namespace)).length).toBeGreaterThan(3)
    await expect(client.list(kinds.secret)).rejects.toThrow('403')
  })

  it('the API server goes and comes back on the same port with the same state', async (context) => {
    context.skip(cluster.logs === undefined, 'the cluster of MAYFLY_E2E_KUBECONFIG is not ours to stop')
    const server = cluster.part('kube-apiserver')
    await server.stop()
    await expect(named('default')).rejects.toThrow('ECONNREFUSED')
    await server.start()
    expect(await named('default')).toBeDefined()
    await commit({ 'apps/shop-4.yml': argocdPreview(url, 'shop-4', 'nginx:1') })
    await refreshApplication(cluster.client, 'previews')
    await isUp('shop-4')
  })
})

const inFlux = (name: string) => ({ name, namespace: fluxNamespace })

const inert = `apiVersion: v1
kind: ConfigMap
metadata: { name: previews, namespace: default }
`

const chart = `apiVersion: v2
name: web
version: 1.0.0
`

const chartTemplate = deployment('{{ .Values.image }}')

function deployment(image: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  progressDeadlineSeconds: 6
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers: [{ name: web, image: '${image}' }]
`
}

/** No sync wave, and no retry of an old revision: the next commit never waits. */
const argocdRoot = (url: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: previews, namespace: ${argocdNamespace} }
spec:
  project: default
  source: { repoURL: ${url}, targetRevision: ${branch}, path: apps }
  destination: { server: https://kubernetes.default.svc, namespace: ${argocdNamespace} }
  syncPolicy:
    automated: { prune: true, selfHeal: true }
    retry: { limit: 0 }
`

const argocdPreview = (url: string, name: string, image: string) => `apiVersion: v1
kind: Namespace
metadata: { name: preview-${name} }
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${name}
  namespace: ${argocdNamespace}
  finalizers: [resources-finalizer.argocd.argoproj.io]
spec:
  project: default
  source:
    repoURL: ${url}
    targetRevision: main
    path: charts/web
    helm: { valuesObject: { image: '${image}' } }
  destination: { server: https://kubernetes.default.svc, namespace: preview-${name} }
  syncPolicy:
    automated: { prune: true, selfHeal: true }
`

const fluxRoot = (url: string) => `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: environments, namespace: ${fluxNamespace} }
spec:
  url: ${url}
  ref: { branch: ${branch} }
  interval: 1m
  secretRef: { name: ${fluxGiteaSecret} }
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: web, namespace: ${fluxNamespace} }
spec:
  url: ${url}
  ref: { branch: main }
  interval: 1m
  secretRef: { name: ${fluxGiteaSecret} }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: previews, namespace: ${fluxNamespace} }
spec:
  sourceRef: { kind: GitRepository, name: environments }
  path: flux
  interval: 1m
  prune: true
`

const fluxPreview = (name: string) => `apiVersion: v1
kind: Namespace
metadata: { name: preview-${name} }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: ${name}, namespace: ${fluxNamespace} }
spec:
  sourceRef: { kind: GitRepository, name: web }
  path: plain
  targetNamespace: preview-${name}
  interval: 1m
  prune: true
  wait: true
`

const reader = `apiVersion: v1
kind: ServiceAccount
metadata: { name: reader, namespace: default }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: reader }
rules: [{ apiGroups: [''], resources: [namespaces], verbs: [get, list, watch] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: reader }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader }
subjects: [{ kind: ServiceAccount, name: reader, namespace: default }]
`
