import { environmentRepositoryContract } from '../contract/environment-repository.ts'
import { gitRepositories } from '../support/git-repositories.ts'

environmentRepositoryContract('git over HTTP', async (files) => {
  const { server, open, close } = await gitRepositories(files)
  return { open, close, branch: server.branch }
})
