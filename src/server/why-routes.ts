import { type Response, Router } from 'express'
import { type MergeRequestKey, parseMergeRequestKey } from '../preview/key.ts'
import type { PreviewId } from '../preview/preview-id.ts'
import type { WhyAnswer, WhyDesk } from '../why/why-desk.ts'

export interface WhyRoutesOptions {
  /** Whose name this is among those that `GET /api/previews` lists; null: nobody's. */
  readonly find: (name: string) => { readonly key: MergeRequestKey; readonly preview: PreviewId } | null
  readonly desk: WhyDesk
}

/** `GET /api/previews/<name>/why` and `GET /api/merge-requests/<key>/why`, read only; the key is URL-encoded. */
export function createWhyRoutes({ find, desk }: WhyRoutesOptions): Router {
  const router = Router()
  router.get('/api/previews/:name/why', async (request, response) => {
    const found = find(request.params.name)
    if (found === null) send(response, { kind: 'unknown', why: noPreview })
    else send(response, await desk.ask(found.key, found.preview))
  })
  router.get('/api/merge-requests/:key/why', async (request, response) => {
    const key = readKey(request.params.key)
    if (key === null) response.set('Cache-Control', 'no-store').status(400).json({ error: noKey })
    else send(response, await desk.ask(key, null))
  })
  return router
}

const noPreview =
  'No preview of this name: GET /api/previews lists all of them. GET /api/merge-requests/<key>/why tells of a merge request that has none.'

const noKey =
  'This is no key of a merge request: write <forge name>:<repository>#<number>, URL-encoded, for example github%3Aacme%2Fshop%23142.'

function readKey(text: string): MergeRequestKey | null {
  try {
    parseMergeRequestKey(text)
    return text as MergeRequestKey
  } catch {
    return null
  }
}

function send(response: Response, answer: WhyAnswer): void {
  response.set('Cache-Control', 'no-store')
  switch (answer.kind) {
    case 'explained':
      response.json(answer.explanation)
      return
    case 'unknown':
      response.status(404).json({ error: answer.why })
      return
    case 'later':
      response.set('Retry-After', String(Math.max(1, Math.ceil(answer.afterMs / 1000))))
      response.status(503).json({ error: answer.why })
      return
    case 'failed':
      response.status(502).json({ error: answer.why })
  }
}
