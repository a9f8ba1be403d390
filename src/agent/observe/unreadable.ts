import type { ZodError } from 'zod'
import type { Observed } from './observed.ts'
import { distinctLines, cleanMessage } from './clean-message.ts'

/** An object of another form than the agent's documentation says: nothing is claimed about it. */
export function unreadable(kind: string, error: ZodError): Observed {
  const odd = error.issues.map(({ path, message }) => cleanMessage(`${path.join('.') || 'it'}: ${message}`))
  return {
    applied: false,
    observation: {
      kind: 'deploying',
      serving: null,
      why: `the ${kind} in the cluster has a form that Mayfly does not know, so its state is unknown`,
      details: distinctLines(odd, []),
      since: null,
    },
  }
}
