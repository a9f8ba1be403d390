import { describeForgeContract } from '../contract/forge.ts'
import { createGitlabHarness } from '../support/gitlab-harness.ts'

describeForgeContract('GitLab', () => createGitlabHarness())
describeForgeContract('GitLab, behind another address, lists not counted', () =>
  createGitlabHarness({ rootUrl: 'https://elsewhere.example.com', pageLimit: 2, gitlab: { countLimit: 0 } }),
)
