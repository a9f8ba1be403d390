import type { Clock } from './clock.ts'

/** What `work` gives, or a rejection with `late()` after `ms`. The work itself goes on; its late end is ignored. */
export async function withDeadline<Result>(
  work: Promise<Result>,
  { ms, clock, late }: { readonly ms: number; readonly clock: Clock; readonly late: () => Error },
): Promise<Result> {
  const fallback = (): never => {
    throw late()
  }
  return withFallback(work, { ms, clock, fallback })
}

/** What `work` gives, or what `fallback` gives after `ms`. The work itself goes on; its late end is ignored. */
export async function withFallback<Result>(
  work: Promise<Result>,
  { ms, clock, fallback }: { readonly ms: number; readonly clock: Clock; readonly fallback: () => Result },
): Promise<Result> {
  const over = new AbortController()
  const deadline = clock.sleep(ms, over.signal).then(fallback)
  try {
    return await Promise.race([work, deadline])
  } finally {
    over.abort()
  }
}
