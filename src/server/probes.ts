import { systemClock } from '../pace/clock.ts'
import { withFallback } from '../pace/deadline.ts'
import { Router } from 'express'
import type { Log } from '../log.ts'

/** Reasons against being ready, each a sentence for people; none when all is well. */
export type ReadinessCheck = () => Promise<readonly string[]>

const checkWithinMs = 3000

export interface ProbesOptions {
  readonly readiness: readonly ReadinessCheck[]
  /** What needs a human though work goes on, each a sentence; none when all is well. */
  readonly warnings: () => readonly string[]
  readonly log: Log
}

/** `/healthz` as long as the process lives, `/readyz` with the reasons of all checks, and warnings that leave it at 200. */
export function createProbes({ readiness, warnings, log }: ProbesOptions): Router {
  const router = Router()
  router.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok' })
  })
  router.get('/readyz', async (_request, response) => {
    const reasons = (await Promise.all(readiness.map((check) => reasonsOf(check, log)))).flat()
    response.set('Cache-Control', 'no-store').status(reasons.length === 0 ? 200 : 503)
    response.json({ ready: reasons.length === 0, reasons, warnings: warnings() })
  })
  return router
}

async function reasonsOf(check: ReadinessCheck, log: Log): Promise<readonly string[]> {
  try {
    return await withFallback(check(), { ms: checkWithinMs, clock: systemClock, fallback: tooLate })
  } catch (error) {
    log.warn({ error }, 'a readiness check failed')
    return ['A readiness check failed: the log says why.']
  }
}

function tooLate(): readonly string[] {
  return [`A readiness check did not answer within ${checkWithinMs} ms.`]
}
