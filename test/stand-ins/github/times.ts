const begin = Date.UTC(2026, 0, 1)

/** The state knows no times: the same thing is always of the same second. */
export function timeOf(id: number): string {
  return inSeconds(new Date(begin + id * 1000))
}

/** As GitHub writes times: without milliseconds. */
export function inSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z')
}
