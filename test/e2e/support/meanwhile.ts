import { setTimeout as delay } from 'node:timers/promises'

/** Looks again and again until `act` has ended, and once more after it. A look that throws fails the test at once. */
export async function meanwhile<T>(reconcile: () => Promise<void>, act: () => Promise<T>): Promise<T> {
  const acting = { ended: false }
  const done = act().finally(() => {
    acting.ended = true
  })
  const looking = async () => {
    while (!acting.ended) {
      await reconcile()
      await delay(50)
    }
  }
  const [result] = await Promise.all([done, looking()])
  await reconcile()
  return result
}
