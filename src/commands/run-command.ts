import { ConfigError } from '../config/config-error.ts'
import { RetryLater, Stalled } from '../preview/errors.ts'
import { UsageError } from './usage-error.ts'
import { NotFound } from './not-found.ts'

/** Runs a command and words what went wrong; gives the exit code of the public contract. */
export async function runCommand(run: () => Promise<number>): Promise<number> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof ConfigError) return complain(error.message, 2)
    if (error instanceof UsageError) return complain(error.message, 2)
    if (error instanceof NotFound) return complain(error.message, 3)
    if (error instanceof RetryLater || error instanceof Stalled) return complain(error.message, 1)
    return complain(error instanceof Error ? (error.stack ?? error.message) : String(error), 1)
  }
}

function complain(message: string, code: number): number {
  process.stderr.write(`${message}\n`)
  return code
}
