import { environmentRepositoryContract } from '../contract/environment-repository.ts'
import { gitRepositories } from '../support/git-repositories.ts'

for (const layout of ['files', 'directories'] as const)
  environmentRepositoryContract('git over HTTP', layout, async (files) => {
    const { server, open, close } = await gitRepositories(files)
    return { open: () => open({ layout }), close, branch: server.branch }
  })
