import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type Cluster, startCluster } from './support/cluster/cluster.ts'
import { addGiteaCredentials } from './support/cluster/gitea-credentials.ts'
import { type GiteaServer, startGitea } from './support/gitea.ts'
import { editPullRequest } from './support/gitea-pull-request.ts'
import { createOrganisation } from './support/gitea-repository.ts'
import { createInstallation, type Installation } from './support/installation.ts'

const agents = ['argocd', 'flux'] as const

describe('previews on real agents', { timeout: 180_000 }, () => {
  let gitea: GiteaServer
  let cluster: Cluster

  beforeAll(async () => {
    gitea = await startGitea()
    cluster = await startCluster('scenarios')
    await createOrganisation(gitea.operator, 'acme')
    await addGiteaCredentials(cluster.client, gitea.bot)
  }, 180_000)

  afterAll(async () => {
    await cluster.stop()
    await gitea.stop()
  }, 60_000)

  describe.each(agents)('%s', (kind) => {
    let it_: Installation

    beforeAll(async () => {
      it_ = await createInstallation({ kind, gitea, cluster })
    }, 120_000)

    afterAll(() => it_.stop(), 60_000)

    const close = (number: number) => editPullRequest(gitea.developer, it_.shop, number, { state: 'closed' })

    it('opens: ready with its URL, a commit status, and a push is ready at the new commit', async () => {
      const { number, sha } = await it_.open('cart')
      const comment = await it_.says(number, 'Ready', sha.slice(0, 7))
      expect(comment).toContain(`https://${it_.application}-${number}-cart.preview.acme.dev`)
      await eventually(async () => (await it_.status(sha)) === 'success', { withinMs: 30_000 })
      const pushed = await it_.push('cart', 'two')
      await it_.says(number, 'Ready', pushed.slice(0, 7))
    })

    it('closes: Removed is said only when the namespace is gone', async () => {
      const { number, sha } = await it_.open('gone')
      await it_.says(number, 'Ready', sha.slice(0, 7))
      expect(await it_.namespaceIsThere('gone', number)).toBe(true)
      await close(number)
      await it_.says(number, 'Removed', 'closed')
      expect(await it_.namespaceIsThere('gone', number)).toBe(false)
      expect(await it_.manifest('gone', number)).toBeUndefined()
    })
  })
})
