import { once } from 'node:events'
import { startGitea } from '../gitea.ts'
import { startCluster } from './cluster.ts'
import { addGiteaCredentials } from './gitea-credentials.ts'

const gitea = await startGitea()
const cluster = await startCluster('by-hand')
await addGiteaCredentials(cluster.client, gitea.bot)
console.log(`export KUBECONFIG=${cluster.kubeconfig}
Gitea: ${gitea.url}, with the token ${gitea.operator.token} of its operator
Logs: ${cluster.logs ?? 'of the cluster itself'}
ApplicationSet webhook: ${cluster.applicationSetWebhook ?? 'of the cluster itself'}
Ctrl-C ends it.`)
// The signal alone does not keep a process alive.
const stayAlive = setInterval(() => undefined, 60_000)
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
clearInterval(stayAlive)
await cluster.stop()
await gitea.stop()
