import { z } from 'zod'
import { text } from './scalars.ts'

const token = z
  .string()
  .regex(/^[\x21-\x7e]{16,}$/)
  .meta({
    errorMessage: 'expected a secret of at least 16 characters that a header can carry',
    hint: 'make one with `openssl rand -hex 32` and write `${NAME}` here; a line break at its end often comes from a file',
  })

const oidcIssuer = z
  .strictObject({
    issuer: text('a URL')
      .meta({ examples: ['https://token.actions.githubusercontent.com'] })
      .describe('Who signs the tokens of jobs: the URL of GitHub Actions, or of a GitLab.'),
    audience: text('a word')
      .meta({ examples: ['mayfly'] })
      .describe('What the token must be made for: jobs ask their forge for a token with this audience.'),
    forge: text('the name of a forge').describe('The forge to whose repositories its jobs belong.'),
  })
  .describe('Jobs of a forge, known by the token that it gives them (OpenID Connect).')

/** Who may ask for a pass beside the forge. */
export const authSchema = z
  .strictObject({
    tokens: z
      .array(token)
      .meta({
        errorMessage: 'expected a list of secrets, each of at least 16 characters',
        hint: 'write one a line, each after `- `',
      })
      .default([])
      .describe('Bearer tokens that may ask for a pass. Two while rotating.'),
    oidc: z
      .array(oidcIssuer)
      .default([])
      .describe('Jobs that may ask for a pass of the merge requests of their own repository.'),
  })
  .prefault({})
  .describe('Who may ask for a pass by `POST /api/merge-requests/<key>/reconcile`. Left out: nobody.')
