import { describeForgeContract } from '../contract/forge.ts'
import { createGiteaHarness } from '../support/gitea-harness.ts'

describeForgeContract('Gitea, comments all at once', () => createGiteaHarness({ pagedComments: false }))
describeForgeContract('Gitea, comments in pages, behind another address', () =>
  createGiteaHarness({ pagedComments: true, pageLimit: 2, rootUrl: 'https://elsewhere.example.com' }),
)
