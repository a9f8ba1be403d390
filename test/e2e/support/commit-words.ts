/** A commit as comments name it. */
export function short(sha: string): string {
  return sha.slice(0, 7)
}
