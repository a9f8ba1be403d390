import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { type Cluster, startCluster } from './cluster/cluster.ts'
import { addGiteaCredentials } from './cluster/gitea-credentials.ts'
import { type GiteaServer, startGitea } from './gitea.ts'
import { createOrganisation } from './gitea-repository.ts'
import { type AgentKind, createInstallation, type Installation } from './installation.ts'
import { type OpenedPreview, openPreview } from './opened-preview.ts'

/** One Mayfly on a real Gitea and a real agent. */
export interface Scene {
  readonly gitea: GiteaServer
  readonly cluster: Cluster
  readonly mayfly: Installation
  open(branch: string, tag?: string): Promise<OpenedPreview>
}

const agents = ['argocd', 'flux'] as const satisfies readonly AgentKind[]

/**
 * The same scenarios on Argo CD and on Flux, in a cluster that is booted once. `topic` names the folder of its logs, where
 * every comment that was seen is kept for people to look at.
 */
export function onBothAgents(topic: string, tell: (scene: () => Scene) => void): void {
  describe(`${topic} on real agents`, { timeout: 180_000 }, () => {
    let gitea: GiteaServer
    let cluster: Cluster

    beforeAll(async () => {
      gitea = await startGitea()
      cluster = await startCluster(`scenarios-${topic}`)
      await createOrganisation(gitea.operator, 'acme')
      await addGiteaCredentials(cluster.client, gitea.bot)
    }, 180_000)

    afterAll(async () => {
      await cluster.stop()
      await gitea.stop()
    }, 60_000)

    describe.each(agents)('%s', (kind) => {
      let scene: Scene

      beforeAll(async () => {
        const parts = { gitea, cluster, mayfly: await createInstallation({ kind, gitea, cluster }) }
        scene = { ...parts, open: (branch, tag) => openPreview(parts, branch, tag) }
      }, 120_000)

      afterAll(async () => {
        await scene.mayfly.stop()
        await keepComments(scene)
      }, 60_000)

      tell(() => scene)
    })
  })
}

async function keepComments({ cluster, mayfly }: Scene): Promise<void> {
  if (cluster.logs === undefined) return
  const text = mayfly.commentsSeen().map(({ number, body }) => `!${number}\n\n${body}`)
  await mkdir(cluster.logs, { recursive: true })
  await writeFile(join(cluster.logs, `comments-${mayfly.kind}.md`), text.join('\n---\n\n'))
}
