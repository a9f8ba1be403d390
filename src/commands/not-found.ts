/** What was named on the command line does not exist: exit code 3. */
export class NotFound extends Error {
  override readonly name = 'NotFound'
}
