import type { GiteaAccount } from '../gitea-account.ts'
import { argocdNamespace } from './argocd.ts'
import type { ClusterClient } from './client.ts'
import { fluxNamespace } from './flux.ts'
import { kinds } from './object.ts'

/** The Secret in `flux-system` that a GitRepository names in its `secretRef`. */
export const fluxGiteaSecret = 'gitea'

/** Lets both agents read every repository of a Gitea that the account may read. */
export async function addGiteaCredentials(client: ClusterClient, account: GiteaAccount): Promise<void> {
  const password = { username: account.login, password: account.token }
  await client.apply({
    ...kinds.secret,
    metadata: {
      name: 'gitea',
      namespace: argocdNamespace,
      // For every repository whose URL begins like this one.
      labels: { 'argocd.argoproj.io/secret-type': 'repo-creds' },
    },
    stringData: { type: 'git', url: account.url, ...password },
  })
  await client.apply({
    ...kinds.secret,
    metadata: { name: fluxGiteaSecret, namespace: fluxNamespace },
    stringData: password,
  })
}
