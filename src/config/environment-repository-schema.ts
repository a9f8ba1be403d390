import { z } from 'zod'
import { flag, secretText, text, wholeNumber } from './scalars.ts'

/** The repository that Mayfly writes to. */
export const environmentRepositorySchema = z
  .strictObject({
    url: text('the URL of a Git repository')
      .meta({ examples: ['https://github.com/acme/environments.git'] })
      .describe('Where it is: https, http, ssh (`ssh://` or `git@host:path`) or file. Without credentials.'),
    branch: text('the name of a branch')
      .default('dynamic-envs')
      .describe('The branch that holds the previews.'),
    directory: text('a directory of the branch')
      .default('apps')
      .describe('Where the manifests stand; the agent watches it. Mayfly writes nowhere else.'),
    layout: z
      .enum(['files', 'directories'])
      .default('files')
      .describe(
        '`files`: `<directory>/<name>.yml`, all applied by one root. `directories`: `<directory>/<name>/preview.yml`, each applied by an Application of its own (Argo CD with an ApplicationSet), so that no preview can hold up another.',
      ),
    templates: text('a directory of the branch')
      .default('templates')
      .describe('Where the templates of the applications stand.'),
    token: secretText()
      .meta({ examples: ['${ENV_REPO_TOKEN}'] })
      .optional()
      .describe('For https: sent as the password of HTTP basic, never in a URL or an argument.'),
    username: text('a user name', 'leave it out unless the server asks for one', /^[^:\s]+$/)
      .default('x-access-token')
      .describe('The user beside the token. The default suits GitHub, GitLab and Gitea.'),
    sshKey: text('the path of a file')
      .optional()
      .describe('For ssh: path of a private key. Left out: the keys that ssh finds itself, or its agent.'),
    createBranch: flag()
      .default(false)
      .describe('Whether a missing branch is made, with a README, the inert object and a starter template.'),
    committer: text(
      '`Name <email>`',
      'for example `Mayfly <mayfly@localhost>`',
      /^[^<>\r\n]*[^<>\s] <[^<>\s@]+@[^<>\s@]+>$/,
    )
      .default('Mayfly <mayfly@localhost>')
      .describe('Committer of every commit.'),
    author: z
      .enum(['merge-request', 'committer'])
      .default('merge-request')
      .describe(
        'Author of a commit about a merge request: whoever wrote that, or the committer, for servers whose push rules take no authors that they do not know.',
      ),
    pushes: z
      .strictObject({
        perMinute: wholeNumber(1, 6000)
          .optional()
          .describe(
            'Pushes a minute in the long run. Left out: 6 on github.com, as GitHub recommends, else 60.',
          ),
        burst: wholeNumber(1, 1000).default(10).describe('Pushes that may go at once after a quiet time.'),
      })
      .prefault({})
      .describe('Budget of pushes; changes that come meanwhile go together in the next one.'),
  })
  .meta({ hint: 'mayfly.example.yaml shows one' })
  .describe('The Git repository that holds one file per preview; the agent makes it so.')
