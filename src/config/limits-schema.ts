import { z } from 'zod'
import { wholeNumber } from './scalars.ts'

function most(what: string) {
  return wholeNumber(1, 100_000).optional().describe(`${what} Left out: no limit.`)
}

/** How many previews may stand at once. */
export const limitsSchema = z
  .strictObject({
    total: most('Most previews at once, of all applications.'),
    perApplication: most('Most previews of one application.'),
    perAuthor: most('Most previews of one author on one forge.'),
    perRepository: most('Most previews of one source repository.'),
    whenFull: z
      .enum(['wait', 'refuse'])
      .meta({ errorMessage: 'expected `wait` or `refuse`' })
      .default('wait')
      .describe('Whether who comes then waits for a place, the oldest merge request first, or is refused.'),
  })
  .prefault({})
  .describe('How many previews may stand at once. An update of one that stands is never counted.')
