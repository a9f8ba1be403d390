const begin = Date.UTC(2026, 0, 1)

/** The state knows no times: the same thing is always of the same second, and what is younger is later. */
export function giteaTime(id: number): string {
  return new Date(begin + id * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
}
