/** The first signal that asks this process to end, from now on; until it is listened for, the process ends at once and well. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.removeAllListeners(signal)
      process.once(signal, resolve)
    }
  })
}
