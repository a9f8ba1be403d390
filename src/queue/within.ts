import type { Clock } from '../clock.ts'

/** What `work` gives, or a rejection with `late()` after `ms`. The work itself goes on; its late end is ignored. */
export async function within<T>(
  work: Promise<T>,
  { ms, clock, late }: { readonly ms: number; readonly clock: Clock; readonly late: () => Error },
): Promise<T> {
  const over = new AbortController()
  const deadline = clock.sleep(ms, over.signal).then(() => {
    throw late()
  })
  try {
    return await Promise.race([work, deadline])
  } finally {
    over.abort()
  }
}
