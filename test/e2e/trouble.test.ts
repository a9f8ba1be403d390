import { afterAll, beforeAll, describe } from 'vitest'
import { type Cluster, startCluster } from './support/cluster/cluster.ts'
import { addGiteaCredentials } from './support/cluster/gitea-credentials.ts'
import { type GiteaServer, startGitea } from './support/gitea.ts'
import { createOrganisation } from './support/gitea-repository.ts'
import { type AgentKind, createInstallation } from './support/installation.ts'
import { openPreview } from './support/opened-preview.ts'
import type { Scene } from './support/scene.ts'
import { apiServerAway } from './trouble/api-server-away.ts'
import { badManifestsBesideGood } from './trouble/bad-manifests.ts'
import { directories } from './trouble/directories.ts'
import { killed } from './trouble/killed.ts'
import { leastRights } from './trouble/least-rights.ts'
import { manyAtOnce } from './trouble/many-at-once.ts'
import { revertedByHand } from './trouble/reverted-by-hand.ts'

const agents = ['argocd', 'flux'] as const

/** Every wait has a deadline for a busy machine; a quiet one needs a tenth of it. */
describe('trouble around Mayfly, on real agents', { timeout: 400_000 }, () => {
  let gitea: GiteaServer
  let cluster: Cluster

  beforeAll(async () => {
    gitea = await startGitea()
    cluster = await startCluster('trouble')
    await createOrganisation(gitea.operator, 'acme')
    await addGiteaCredentials(cluster.client, gitea.bot)
  }, 240_000)

  afterAll(async () => {
    await cluster.stop()
    await gitea.stop()
  }, 60_000)

  describe('with both agents', () => {
    let scenes: readonly Scene[]

    beforeAll(async () => {
      scenes = await Promise.all(agents.map(createScene))
    }, 240_000)

    afterAll(() => Promise.all(scenes.map(({ mayfly }) => mayfly.stop())), 60_000)

    apiServerAway(() => scenes)

    // The agents side by side, the scenarios of each one after the other.
    describe.concurrent.each([
      { kind: 'argocd', many: 50 },
      { kind: 'flux', many: 25 },
    ] as const)('$kind', ({ kind, many }) => {
      const scene = () => scenes[agents.indexOf(kind)] as Scene

      describe('in this order', { concurrent: false }, () => {
        leastRights(scene)
        killed(scene)
        revertedByHand(scene)
        badManifestsBesideGood(scene)
        manyAtOnce(scene, many)
        if (kind === 'argocd') directories(scene)
      })
    })
  })

  async function createScene(kind: AgentKind): Promise<Scene> {
    // No sweep comes in between: what heals must heal without one, where nothing else is said.
    const mayfly = await createInstallation({ kind, gitea, cluster, sweepEvery: '1h' })
    const parts = { gitea, cluster, mayfly }
    return { ...parts, open: (branch, tag) => openPreview(parts, branch, tag) }
  }
})
