import type { ErrorRequestHandler, RequestHandler } from 'express'
import type { Log } from '../log.ts'

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
