import { afterAll, beforeAll, describe, it } from 'vitest'
import { describeForgeContract } from '../contract/forge.ts'
import { conversationOn } from './support/gitea-conversation.ts'
import { startGitea, type GiteaServer } from './support/gitea.ts'
import { giteaHarness } from './support/gitea-harness.ts'
import { createOrganisation } from './support/gitea-repository.ts'

describe('the adapter against a real server', () => {
  let gitea: GiteaServer
  let repositories = 0

  beforeAll(async () => {
    gitea = await startGitea()
    await createOrganisation(gitea.operator, 'acme')
  })

  afterAll(() => gitea.stop())

  describeForgeContract('Gitea', () => giteaHarness(gitea, `shop-${++repositories}`))

  it('knows what people say and may, and keeps its marks in the forge', async () => {
    await conversationOn(gitea, `shop-${++repositories}`)
  })
})
