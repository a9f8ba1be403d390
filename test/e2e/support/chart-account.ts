import type { Cluster } from './cluster/cluster.ts'
import { createHelm } from './helm.ts'

/** The account that `charts/mayfly` makes. */
export interface ChartAccount {
  readonly kubeconfig: string
  /** Of helm's own files; what is installed goes with the cluster. */
  remove(): Promise<void>
}

/** Installs the chart in a namespace of its own; `values` as `helm --set` takes them. */
export async function chartAccount(
  cluster: Cluster,
  namespace: string,
  values: string,
): Promise<ChartAccount> {
  const helm = await createHelm(cluster.kubeconfig)
  await helm.run(
    ...['upgrade', '--install', 'mayfly', 'charts/mayfly', `--namespace=${namespace}`],
    ...['--create-namespace', '--values=charts/mayfly/ci/argocd-values.yaml', `--set=${values}`],
  )
  const { kubeconfig } = await cluster.as({ namespace, name: 'mayfly' })
  return { kubeconfig, remove: () => helm.remove() }
}
