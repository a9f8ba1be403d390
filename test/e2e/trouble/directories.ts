import { expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { withConfig } from '../support/changed-mayfly.ts'
import { argocdNamespace } from '../support/cluster/argocd.ts'
import { kinds } from '../support/cluster/object.ts'
import { short } from '../support/comment-words.ts'
import { pushFiles, readFile } from '../support/gitea-repository.ts'
import { branch, createInstallation, rootText } from '../support/installation.ts'
import { chartAccount } from '../support/chart-account.ts'
import { openPreview } from '../support/opened-preview.ts'
import { readiness } from '../support/operations.ts'
import type { Scene } from '../support/scene.ts'
import { tellAgent } from '../support/tell-agent.ts'

const soon = { withinMs: 120_000, everyMs: 100 }
const malformed = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: broken\n'

/** Takes the place of the root of all others, so it comes last. */
export function directories(scene: () => Scene): void {
  it('law 11: with a directory for each preview even a malformed file stops its own preview alone', async () => {
    const { gitea, cluster } = scene()
    const values = 'config.environmentRepository.layout=directories'
    const account = await chartAccount(cluster, 'mayfly-directories', values)
    const { kubeconfig } = account
    const options = { kind: 'argocd', gitea, cluster, kubeconfig, sweepEvery: '1h', suffix: 's' } as const
    const mayfly = await createInstallation(options)
    await cluster.client.remove(kinds.application, { name: 'previews', namespace: argocdNamespace })
    await cluster.client.apply(await rootText('argocd/directories.yaml', gitea.url, mayfly))
    const commitByHand = (path: string, text: string | null) =>
      pushFiles(gitea.operator, mayfly.environments, { branch, files: { [path]: text } })
    const open = (name: string) => openPreview({ gitea, cluster, mayfly }, name)
    const layout = (text: string) =>
      text.replace('createBranch: true', 'createBranch: true\n  layout: directories')
    try {
      await withConfig(mayfly, layout, async () => {
        const spoilt = await open('spoilt')
        await spoilt.says('Ready', short(spoilt.sha))
        const directory = `apps/${spoilt.name}`
        const manifest = () =>
          readFile(gitea.operator, mayfly.environments, branch, `${directory}/preview.yml`)
        expect(await manifest()).toContain(spoilt.sha)

        await commitByHand(`${directory}/broken.yml`, malformed)
        const pushed = await spoilt.push('two')
        const good = await open('good')
        await good.says('Ready', short(good.sha))
        await spoilt.says('Deploying', short(pushed))
        expect((await spoilt.agentObject())?.metadata.annotations?.['mayfly.dev/sha']).toBe(spoilt.sha)

        await commitByHand(`${directory}/broken.yml`, null)
        await tellAgent(cluster, 'argocd', `${spoilt.name}.directory`)
        await spoilt.says('Ready', short(pushed))
        for (const preview of [spoilt, good]) await preview.close()
        for (const preview of [spoilt, good]) {
          await preview.says('Removed', 'closed')
          expect(await preview.namespaceObject()).toBeUndefined()
        }
        expect(await manifest()).toBeUndefined()
        // The Applications of the directories too; those of the other root are not asked for.
        const left = async () => {
          const all = await cluster.client.list(kinds.application)
          return all.filter(({ metadata }) => metadata.name.startsWith(`${mayfly.application}-`))
        }
        await eventually(async () => {
          expect((await left()).map(({ metadata }) => metadata.name)).toEqual([])
        }, soon)
        expect(await readiness(mayfly.url)).toEqual({ status: 200, warnings: [] })
      })
    } finally {
      await mayfly.stop()
      await account.remove()
    }
  })
}
