import { Router } from 'express'
import type { PreviewRecord } from '../report/preview-registry.ts'

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
