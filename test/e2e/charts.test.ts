import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { eventually } from '../support/eventually.ts'
import { argocdNamespace } from './support/cluster/argocd.ts'
import { type Cluster, startCluster } from './support/cluster/cluster.ts'
import type { ClusterClient } from './support/cluster/client.ts'
import { may } from './support/cluster/may.ts'
import { kinds, kubernetesObject } from './support/cluster/object.ts'
import { createHelm, type Helm } from './support/helm.ts'
import { wrongValues } from './support/wrong-chart-values.ts'
import { argocdRights, directoriesRights, fluxRights, type Rights } from './support/mayfly-rights.ts'

const argocdValues = 'charts/mayfly/ci/argocd-values.yaml'
const everything = 'charts/mayfly/ci/everything-values.yaml'
const soon = { withinMs: 60_000, everyMs: 100 }

describe('the charts, by the real helm on a real API server', { timeout: 120_000 }, () => {
  let cluster: Cluster
  let helm: Helm

  beforeAll(async () => {
    cluster = await startCluster('charts')
    helm = await createHelm(cluster.kubeconfig)
    await cluster.client.apply(serviceMonitors)
  }, 180_000)

  afterAll(async () => {
    await helm.remove()
    await cluster.stop()
  }, 60_000)

  /** Rendered with the values of a file and some more, without a cluster. */
  const render = (chart: string, values: string, ...more: readonly string[]) =>
    helm.run(
      'template',
      'mayfly',
      `charts/${chart}`,
      '--kube-version=1.34.2',
      `--values=${values}`,
      ...sets(more),
    )
  const install = (namespace: string, values: string, ...more: readonly string[]) =>
    helm.run(
      ...['upgrade', '--install', 'mayfly', 'charts/mayfly', `--namespace=${namespace}`],
      ...['--create-namespace', `--values=${values}`, ...sets(more)],
    )

  it.each([
    ['mayfly', argocdValues],
    ['mayfly', everything],
    ['preview', 'charts/preview/ci/starter-values.yaml'],
  ])('%s with %s has nothing that helm would find fault with', async (chart, values) => {
    const said = await helm.run(
      ...['lint', `charts/${chart}`, '--strict', '--kube-version=1.34.2', `--values=${values}`],
    )
    expect(said).toContain('0 chart(s) failed')
  })

  it.each(wrongValues)('%s is refused with words', async (_, values, words) => {
    await expect(render('mayfly', argocdValues, ...values)).rejects.toThrow(words)
  })

  it.each([
    ['a tag', [], 'image.tag is empty'],
    ['a host', ['image.tag=a', 'ingress.enabled=true'], 'ingress.enabled without ingress.host'],
  ])('a preview without %s is refused with words', async (_, values, words) => {
    await expect(render('preview', 'charts/preview/values.yaml', ...values)).rejects.toThrow(words)
  })

  it('another configuration is another Pod, and the same one is not', async () => {
    const checksum = async (...values: readonly string[]) =>
      /checksum\/config: "(\w+)"/.exec(await render('mayfly', argocdValues, ...values))?.[1]
    const before = await checksum()
    expect(await checksum('service.port=81')).toBe(before)
    expect(await checksum('config.sweep.every=1m')).not.toBe(before)
  })

  it('one replica is replaced in turn, several roll', async () => {
    expect(await render('mayfly', argocdValues)).toContain('type: Recreate')
    const many = await render('mayfly', everything)
    expect(many).toContain('type: RollingUpdate')
    expect(many).toContain('kind: PodDisruptionBudget')
  })

  it.each([
    ['agent: none', ['config.agent.kind=none']],
    ['a kubeconfig of its own', ['config.agent.kubeconfig=/etc/kube/config']],
  ])('with %s it gets no right and no token', async (_, values) => {
    const text = await render('mayfly', argocdValues, ...values)
    expect(text).not.toContain('rbac.authorization.k8s.io')
    expect(text).toContain('automountServiceAccountToken: false')
    expect(text).not.toContain('automountServiceAccountToken: true')
  })

  it('installs for Argo CD, and its Pod meets the strictest Pod Security', async () => {
    const strict = { 'pod-security.kubernetes.io/enforce': 'restricted' }
    await cluster.client.apply({ ...kinds.namespace, metadata: { name: 'mayfly', labels: strict } })
    await install('mayfly', argocdValues)
    await eventually(async () => {
      const deployment = await cluster.client.get(kinds.deployment, { name: 'mayfly', namespace: 'mayfly' })
      expect(deployment).toMatchObject({ status: { readyReplicas: 1 } })
    }, soon)
  })

  it('every object of every option is accepted, and all of it goes again', async () => {
    await install('everything', everything)
    const text = await helm.run('get', 'manifest', 'mayfly', '--namespace=everything')
    const objects = parseAllDocuments(text).map((document) => kubernetesObject.parse(document.toJS()))
    expect(new Set(objects.map(({ kind }) => kind)).size).toBe(12)
    const exists = async (object: (typeof objects)[number]) =>
      (await cluster.client.get(object, { namespace: 'everything', ...object.metadata })) !== undefined
    for (const object of objects) expect(await exists(object), object.kind).toBe(true)
    await helm.run('uninstall', 'mayfly', '--namespace=everything', '--wait')
    for (const object of objects) await eventually(async () => !(await exists(object)), soon)
  })

  it('may do for Argo CD what Mayfly must, and no more', async () => {
    await install('mayfly', argocdValues)
    const { client } = await cluster.as({ namespace: 'mayfly', name: 'mayfly' })
    await expectRights(client, argocdRights)
    const root = { name: 'previews', namespace: argocdNamespace }
    await cluster.client.apply(application('previews'))
    await cluster.client.apply(application('shop-1-cart'))
    const refresh = { metadata: { annotations: { 'argocd.argoproj.io/refresh': 'normal' } } }
    await client.patch(kinds.application, root, refresh)
    await expect(client.patch(kinds.application, { ...root, name: 'shop-1-cart' }, refresh)).rejects.toThrow(
      '403',
    )
    expect(await client.list(kinds.application, { namespace: argocdNamespace })).toHaveLength(2)
    await expect(client.list(kinds.application)).rejects.toThrow('403')
  })

  it('may tell each directory of a push where each preview has one', async () => {
    await install('mayfly', argocdValues, 'config.environmentRepository.layout=directories')
    const { client } = await cluster.as({ namespace: 'mayfly', name: 'mayfly' })
    await expectRights(client, directoriesRights)
  })

  it('may do for Flux what Mayfly must, and no more', async () => {
    await install('everything', everything, 'rbac.explain=none')
    const { client } = await cluster.as({ namespace: 'everything', name: 'mayfly' })
    await expectRights(client, fluxRights)
  })

  it.each([
    ['cluster', true],
    ['none', false],
    ['previews', false],
  ])('rbac.explain: %s', async (explain, everywhere) => {
    await install('mayfly', argocdValues, `rbac.explain=${explain}`)
    const { client } = await cluster.as({ namespace: 'mayfly', name: 'mayfly' })
    const actions = ['pods', 'events', 'deployments.apps', 'jobs.batch'].map((resource) => ({
      verb: 'list',
      resource,
      namespace: 'preview-shop-1-cart',
    }))
    for (const deed of actions)
      await eventually(async () => {
        expect(await may(client, deed), deed.resource).toBe(everywhere)
      }, soon)
    for (const resource of ['secrets', 'configmaps', 'pods/log', 'pods/exec'])
      expect(await may(client, { verb: 'get', resource, namespace: 'preview-shop-1-cart' })).toBe(false)
  })

  it('a template may bind the right to explain in one preview alone', async () => {
    await install('mayfly', argocdValues, 'rbac.explain=previews')
    await cluster.client.apply(boundInOnePreview)
    const { client } = await cluster.as({ namespace: 'mayfly', name: 'mayfly' })
    const pods = { verb: 'list', resource: 'pods' }
    await eventually(() => may(client, { ...pods, namespace: 'preview-shop-2-bound' }), soon)
    expect(await may(client, { ...pods, namespace: 'preview-shop-3-unbound' })).toBe(false)
  })
})

/** As arguments of helm. */
function sets(values: readonly string[]): readonly string[] {
  return values.map((value) => `--set=${value}`)
}

/** The API server learns of new roles a moment after they were made. */
async function expectRights(client: ClusterClient, { allowed, denied }: Rights): Promise<void> {
  for (const deed of allowed)
    await eventually(async () => {
      expect(await may(client, deed), JSON.stringify(deed)).toBe(true)
    }, soon)
  for (const deed of denied) expect(await may(client, deed), JSON.stringify(deed)).toBe(false)
}

const application = (name: string) => ({
  ...kinds.application,
  metadata: { name, namespace: argocdNamespace },
  spec: {
    project: 'default',
    source: { repoURL: 'https://git.acme.dev/acme/environments.git', path: 'apps' },
    destination: { server: 'https://kubernetes.default.svc', namespace: argocdNamespace },
  },
})

const boundInOnePreview = `apiVersion: v1
kind: Namespace
metadata: { name: preview-shop-2-bound }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: mayfly-explain, namespace: preview-shop-2-bound }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'mayfly:mayfly:explain' }
subjects: [{ kind: ServiceAccount, name: mayfly, namespace: mayfly }]
`

/** As much of the Prometheus operator's definition as the chart needs. */
const serviceMonitors = {
  ...kinds.customResourceDefinition,
  metadata: { name: 'servicemonitors.monitoring.coreos.com' },
  spec: {
    group: 'monitoring.coreos.com',
    scope: 'Namespaced',
    names: { kind: 'ServiceMonitor', plural: 'servicemonitors', singular: 'servicemonitor' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
}
