import { Router, type ErrorRequestHandler, type RequestHandler } from 'express'
import type { PreviewRecord } from '../report/preview-registry.ts'
import type { Log } from '../log.ts'

/** `GET /api/previews` and `GET /api/previews/<name>`, read only. */
export function createApi(previews: () => readonly PreviewRecord[]): Router {
  const router = Router()
  router.get('/api/previews', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ previews: previews() })
  })
  router.get('/api/previews/:name', (request, response) => {
    const record = previews().find(({ name }) => name === request.params.name)
    response.set('Cache-Control', 'no-store')
    if (record === undefined)
      response.status(404).json({ error: 'No preview of this name: GET /api/previews lists all of them.' })
    else response.json(record)
  })
  return router
}

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

/** Every other path and method. */
export const answerNotFound: RequestHandler = (_request, response) => {
  response.status(404).json({ error: 'Nothing is here: docs/webhooks.md lists the paths that answer.' })
}

/** The last resort: what went wrong goes to the log, never to the client. */
export function answerErrors(log: Log): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    if (isClientError(error) && !response.headersSent) {
      response.status(400).json({ error: 'The request is malformed.' })
      return
    }
    log.error({ error }, 'a request failed in an unforeseen way')
    if (response.headersSent) {
      response.destroy()
      return
    }
    response.status(500).json({ error: 'Something went wrong here: the log says what.' })
  }
}

function isClientError(error: unknown): boolean {
  const status: unknown = error instanceof Error && 'status' in error ? error.status : undefined
  return typeof status === 'number' && status >= 400 && status < 500
}
