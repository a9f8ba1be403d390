/** The command line asks for something that makes no sense: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What was named on the command line does not exist: exit code 3. */
export class NotFound extends Error {
  override readonly name = 'NotFound'
}
