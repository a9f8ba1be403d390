import { Router } from 'express'

export interface MetricsText {
  readonly contentType: string
  text(): Promise<string>
}

/** `GET /metrics` in the Prometheus text format. */
export function createMetricsRoute(metrics: MetricsText): Router {
  const router = Router()
  router.get('/metrics', async (_request, response) => {
    const text = await metrics.text()
    response.set('Content-Type', metrics.contentType).set('Cache-Control', 'no-store').send(text)
  })
  return router
}
