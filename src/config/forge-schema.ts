import { z } from 'zod'
import { forgeKindNames, forgeKinds } from '../forge/kinds.ts'
import { secretText, text } from './scalars.ts'

const webhookSecret = z.string().min(16).meta({
  errorMessage: 'expected a secret of at least 16 characters',
  hint: 'make one with `openssl rand -hex 32` and write `${NAME}` here',
})

const app = z
  .strictObject({
    id: z
      .union([z.string().regex(/^[0-9]+$/), z.int().positive()])
      .meta({ errorMessage: 'expected the number of the GitHub App' })
      .describe('The number of the GitHub App.'),
    privateKey: secretText().describe('Its private key, PEM. Line breaks may be written as `\\n`.'),
  })
  .describe('A GitHub App instead of a token.')

const apiNotes = [...new Set(Object.values(forgeKinds).map(({ apiNote }) => apiNote))].join(', ')

/** One forge: where it is, and what proves who calls whom. */
export const forgeSchema = z
  .strictObject({
    name: text(
      'small letters, digits and dashes',
      'the name is the last part of the webhook’s path: for example `github`',
      /^[a-z0-9][a-z0-9-]{0,62}$/,
    )
      .meta({ examples: ['github'] })
      .describe('Its name here; webhooks arrive at `POST /webhooks/<name>`. Unique.'),
    kind: z.enum(forgeKindNames).describe('Which software it is.'),
    url: text('a URL')
      .meta({ examples: ['https://github.com'] })
      .describe('Where people open it in a browser.'),
    api: text('a URL').optional().describe(`Base of its REST API. Left out: ${apiNotes}.`),
    token: secretText()
      .meta({ examples: ['${GITHUB_TOKEN}'] })
      .optional()
      .describe('Access token: reads merge requests, writes comments and statuses. Either this or `app`.'),
    app: app.optional(),
    webhookSecret: z
      .union([webhookSecret, z.array(webhookSecret).min(1)])
      .meta({
        errorMessage: 'expected a secret of at least 16 characters, or a list of such while rotating',
        hint: 'a webhook without a secret would let anybody speak for the forge',
        examples: ['${GITHUB_WEBHOOK_SECRET}'],
      })
      .describe(
        'Proves that a webhook comes from the forge: at least 16 characters. A list while rotating. Required.',
      ),
  })
  .describe('A forge that sends webhooks and holds merge requests.')
