/** A commit as comments name it. */
export function short(sha: string): string {
  return sha.slice(0, 7)
}

/** What a comment says of a commit whose workload was applied and waits for its image: first only that it starts, after some seconds why it does not. */
export const comesUp = /its workload is starting|cannot pull its image/
