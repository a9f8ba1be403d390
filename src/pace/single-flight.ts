/**
 * Callers share one call of `work`, but only one that began after they asked: those that come while a call is under way
 * share the next.
 */
export function singleFlight<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<Result> | undefined
  let next: Promise<Result> | undefined

  return () => {
    if (running === undefined) return start()
    next ??= running.then(afterwards, afterwards)
    return next
  }

  function afterwards(): Promise<Result> {
    next = undefined
    return start()
  }

  function start(): Promise<Result> {
    const call = work()
    running = call
    const end = (): void => {
      if (running === call) running = undefined
    }
    call.then(end, end)
    return call
  }
}
