import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { type Cluster, startCluster } from './cluster/cluster.ts'
import { addGiteaCredentials } from './cluster/gitea-credentials.ts'
import { type GiteaServer, startGitea } from './gitea.ts'
import { createOrganisation } from './gitea-repository.ts'
import {
  type AgentKind,
  createInstallation,
  type Installation,
  type InstallationOptions,
} from './installation.ts'
import { type OpenedPreview, openPreview } from './opened-preview.ts'

/** One Mayfly on a real Gitea and a real agent. */
export interface Scene {
  readonly gitea: GiteaServer
  readonly cluster: Cluster
  readonly mayfly: Installation
  open(branch: string, tag?: string): Promise<OpenedPreview>
  /** The same Mayfly, seen from another application of it. */
  beside(suffix: string): Scene
}

/** Both agents in a cluster that is booted once. */
export interface Stage {
  /** The scenes of both. */
  readonly all: () => readonly Scene[]
  /** The same on both, side by side; what `tell` describes for one of them runs in its order. */
  onEach(tell: (scene: () => Scene, kind: AgentKind) => void): void
}

export interface StageOptions {
  /** Names the folder of the logs, where every comment that was seen is kept for people to look at. */
  readonly topic: string
  readonly sweepEvery?: string
  /** What is special about its installations, asked once Gitea runs. */
  readonly special?: (
    kind: AgentKind,
  ) => Promise<Omit<InstallationOptions, 'kind' | 'gitea' | 'cluster' | 'sweepEvery'>>
}

const agents = ['argocd', 'flux'] as const satisfies readonly AgentKind[]

/** Every wait has a deadline for a busy machine; a quiet one needs a tenth of it. */
const timeout = 400_000

export function onRealAgents(options: StageOptions, tell: (stage: Stage) => void): void {
  describe(`${options.topic} on real agents`, { timeout }, () => {
    let gitea: GiteaServer
    let cluster: Cluster
    let scenes: readonly Scene[] = []

    beforeAll(async () => {
      gitea = await startGitea()
      cluster = await startCluster(options.topic)
      await createOrganisation(gitea.operator, 'acme')
      await addGiteaCredentials(cluster.client, gitea.bot)
      const { sweepEvery = '1m', special = async () => ({}) } = options
      scenes = await Promise.all(
        agents.map(async (kind) =>
          createScene({ gitea, cluster, kind, sweepEvery, ...(await special(kind)) }),
        ),
      )
    }, 300_000)

    afterAll(async () => {
      await Promise.all(scenes.map(({ mayfly }) => mayfly.stop()))
      await Promise.all(scenes.map(keepComments))
      await cluster.stop()
      await gitea.stop()
    }, 120_000)

    tell({
      all: () => scenes,
      onEach: (tellOne) => {
        describe.concurrent.each(agents)('%s', (kind) => {
          describe('in this order', { concurrent: false }, () => {
            tellOne(() => scenes[agents.indexOf(kind)] as Scene, kind)
          })
        })
      },
    })
  })
}

type SceneParts = Parameters<typeof createInstallation>[0]

async function createScene(parts: SceneParts): Promise<Scene> {
  const { gitea, cluster } = parts
  return sceneOf({ gitea, cluster, mayfly: await createInstallation(parts) })
}

function sceneOf(parts: Pick<Scene, 'gitea' | 'cluster' | 'mayfly'>): Scene {
  return {
    ...parts,
    open: (branch, tag) => openPreview(parts, branch, tag),
    beside: (suffix) => sceneOf({ ...parts, mayfly: parts.mayfly.beside(suffix) }),
  }
}

async function keepComments({ cluster, mayfly }: Scene): Promise<void> {
  if (cluster.logs === undefined) return
  const text = mayfly
    .commentsSeen()
    .map(({ application, number, body }) => `${application} !${number}\n\n${body}`)
  await mkdir(cluster.logs, { recursive: true })
  await writeFile(join(cluster.logs, `comments-${mayfly.kind}.md`), text.join('\n---\n\n'))
}
