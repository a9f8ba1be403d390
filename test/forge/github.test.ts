import { describeForgeContract } from '../contract/forge.ts'
import { createGithubAppHarness, createGithubHarness } from '../support/github-harness.ts'

describeForgeContract('an Enterprise Server of GitHub, by token', () => createGithubHarness())
describeForgeContract('api.github.com, by token', () => createGithubHarness({ github: { base: '' } }))
describeForgeContract('GitHub, where a commit that is gone is not found', () =>
  createGithubHarness({ github: { unknownCommit: 'not found' } }),
)
describeForgeContract('GitHub, as an App', () => createGithubAppHarness())
