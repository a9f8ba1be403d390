import { setTimeout as delay } from 'node:timers/promises'

/**
 * Waits until `check` neither throws nor gives false, and gives what it gave.
 * @throws the last error of `check`, or says that it never held, after `withinMs` (default 20 s).
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { withinMs = 20_000, everyMs = 10 }: { readonly withinMs?: number; readonly everyMs?: number } = {},
): Promise<Exclude<T, false>> {
  const until = Date.now() + withinMs
  for (;;) {
    try {
      const value = await check()
      if (value !== false) return value as Exclude<T, false>
      if (Date.now() >= until) throw new Error(`did not hold within ${withinMs} ms`)
    } catch (error) {
      if (Date.now() >= until) throw error
    }
    await delay(everyMs)
  }
}
