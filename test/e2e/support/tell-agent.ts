import { refreshApplication } from './cluster/application-state.ts'
import type { Cluster } from './cluster/cluster.ts'
import { fluxNamespace } from './cluster/flux.ts'
import { requestFetch } from './cluster/flux-state.ts'
import type { AgentKind } from './installation.ts'

/** Lets the agent look at the environment repository now, as its poll or somebody's webhook would. */
export async function tellAgent({ client }: Cluster, kind: AgentKind, root = 'previews'): Promise<void> {
  if (kind === 'argocd') await refreshApplication(client, root)
  else await requestFetch(client, { name: root, namespace: fluxNamespace })
}
