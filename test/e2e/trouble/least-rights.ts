import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { eventually } from '../../support/eventually.ts'
import { type ChartAccount, chartAccount } from '../support/chart-account.ts'
import { withConfig } from '../support/changed-mayfly.ts'
import { argocdNamespace } from '../support/cluster/argocd.ts'
import { fluxNamespace } from '../support/cluster/flux.ts'
import type { Kind, Name } from '../support/cluster/object.ts'
import { short } from '../support/comment-words.ts'
import { readiness } from '../support/operations.ts'
import type { Scene } from '../support/scene.ts'
import { tellAgent } from '../support/tell-agent.ts'

const soon = { withinMs: 120_000, everyMs: 100 }
const agentNamespaces = { argocd: argocdNamespace, flux: fluxNamespace }
const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role' }
const clusterRole = { ...role, kind: 'ClusterRole' }

const rules = z.array(
  z.looseObject({ resources: z.array(z.string()), verbs: z.array(z.string()) }).readonly(),
)
type Rules = z.infer<typeof rules>

export function leastRights(scene: () => Scene): void {
  describe("with exactly the rights of the chart's account", () => {
    let account: ChartAccount

    beforeAll(async () => {
      const { cluster, mayfly } = scene()
      account = await chartAccount(cluster, place(mayfly.kind), `config.agent.kind=${mayfly.kind}`)
    }, 60_000)

    afterAll(() => account.remove())

    const asAccount = (act: () => Promise<void>) => {
      const { cluster, mayfly } = scene()
      return withConfig(mayfly, (text) => text.replace(cluster.kubeconfig, account.kubeconfig), act)
    }

    it('opens and closes, and lacks no right', async () => {
      const { mayfly, open } = scene()
      const before = mayfly.log.lines.length
      await asAccount(async () => {
        const preview = await open('rights')
        await preview.says('Ready', short(preview.sha))
        await preview.close()
        await preview.says('Removed', 'closed')
        expect(await readiness(mayfly.url)).toEqual({ status: 200, warnings: [] })
      })
      const attention = mayfly.log.lines
        .slice(before)
        .filter(({ sentence }) => sentence === 'the agent needs attention')
      expect(attention).toEqual([])
    })

    it('without the right to tell the root it waits for the poll of the agent, and names the rule', async () => {
      const { cluster, mayfly, open } = scene()
      const name = { name: `${place(mayfly.kind)}:mayfly`, namespace: agentNamespaces[mayfly.kind] }
      const withoutPatch = (all: Rules) => all.filter(({ verbs }) => !verbs.includes('patch'))
      await withRules({ kind: role, name, change: withoutPatch }, () =>
        asAccount(async () => {
          const preview = await open('untold')
          await eventually(async () => {
            const { status, warnings } = await readiness(mayfly.url)
            expect(status).toBe(200)
            expect(warnings).toEqual([
              expect.stringMatching(
                /^pushes wait for the agent's own poll: .* patch [\w.]+ called previews in namespace/,
              ),
            ])
          }, soon)
          await tellAgent(cluster, mayfly.kind)
          await preview.says('Ready', short(preview.sha))
          await preview.close()
          await eventually(async () => (await preview.manifest()) === undefined, soon)
          await tellAgent(cluster, mayfly.kind)
          await preview.says('Removed', 'closed')
        }),
      )
    })

    it('without the right to list pods it says that a preview is broken, and names the rule', async () => {
      const { mayfly, open } = scene()
      const name = { name: `${place(mayfly.kind)}:mayfly:explain` }
      const withoutPods = (all: Rules) =>
        all.map((rule) => ({ ...rule, resources: rule.resources.filter((resource) => resource !== 'pods') }))
      await withRules({ kind: clusterRole, name, change: withoutPods }, () =>
        asAccount(async () => {
          const preview = await open('blind', 'missing')
          await preview.says('Degraded', short(preview.sha), 'its account lacks list pods')
          const fixed = await preview.push('ok')
          await preview.says('Ready', short(fixed))
          await preview.close()
          await preview.says('Removed', 'closed')
        }),
      )
    })

    /** With other rules while `act` goes on. */
    async function withRules(
      { kind, name, change }: { kind: Kind; name: Name; change: (all: Rules) => Rules },
      act: () => Promise<void>,
    ): Promise<void> {
      const { client } = scene().cluster
      const before = rules.parse((await client.get(kind, name))?.['rules'])
      const changed = change(before)
      expect(changed).not.toEqual(before)
      await client.patch(kind, name, { rules: changed })
      try {
        await act()
      } finally {
        await client.patch(kind, name, { rules: before })
      }
    }
  })
}

/** The namespace of the chart. */
function place(kind: string): string {
  return `mayfly-${kind}`
}
