import { z } from 'zod'
import { duration, flag, list, text } from './scalars.ts'

/** What must be true of a commit before it is written. */
export const gateSchema = z
  .strictObject({
    checks: list(text('the name of a check'), 'a list of names')
      .default([])
      .meta({ examples: [['build']] })
      .describe(
        'Checks that must have passed at the commit, by their exact names: contexts of statuses, names of check runs, jobs of GitLab, `pipeline` for the whole of GitLab’s. There is no `all`: Mayfly’s own status would wait for itself.',
      ),
    image: flag()
      .default(false)
      .describe('Whether the images of `image` must be in their registry. Asked after the checks.'),
    timeout: duration()
      .default('30m')
      .describe('How long a commit waits until it is called *Failed*. It is looked at again all the same.'),
    pin: flag()
      .default(false)
      .describe(
        'Whether `{{image}}` gives the digest that was found, so that a tag which moves changes nothing. Needs `image: true`.',
      ),
  })
  .describe('What must be true of a commit before its preview is written. Left out: nothing.')
