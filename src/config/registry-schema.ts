import { z } from 'zod'
import { flag, list, secretText, text } from './scalars.ts'

/** Who may look into a registry of images. */
export const registrySchema = z
  .strictObject({
    host: text('a host, with its port if it is not 443')
      .meta({ examples: ['registry.acme.dev'] })
      .describe('As it stands at the beginning of an image.'),
    username: text('a user name').optional().describe('Who asks. Left out: nobody in particular.'),
    password: secretText()
      .meta({ examples: ['${REGISTRY_TOKEN}'] })
      .optional()
      .describe('Password or token with the right to pull.'),
    realms: list(text('a host'), 'a list of hosts')
      .default([])
      .describe('Other hosts that give tokens for this registry and may be told the password.'),
    plainHttp: flag().default(false).describe('Whether it is asked without TLS.'),
  })
  .describe('Credentials for a registry that is asked whether an image is there.')
