import { type Request, type Response, Router } from 'express'
import type { Log } from '../log.ts'
import type { Clock } from '../pace/clock.ts'
import { withDeadline } from '../pace/deadline.ts'
import { type MergeRequestKey, type MergeRequestRef, parseMergeRequestKey } from '../preview/key.ts'
import { createFailureLimit } from '../webhook/failure-limit.ts'
import * as answers from './api-answer.ts'
import type { ApiAnswer } from './api-answer.ts'
import { authenticate, type Proofs } from './authenticate.ts'
import { type ConfiguredRepositories, requestedKey } from './requested-key.ts'

export interface ReconcileRouteOptions extends Proofs {
  readonly repositories: ConfiguredRepositories
  /** Puts a key into the queue; throws when it was not taken. */
  readonly enqueue: (key: MergeRequestKey) => Promise<void>
  readonly clock: Clock
  readonly log: Log
  /** Refusals that an address may have in a minute before it gets 429; 100 when left out. */
  readonly failuresPerMinute?: number
}

const takeWithinMs = 5_000

/**
 * `POST /api/merge-requests/<key>/reconcile`, the key URL-encoded: CI asks for a pass. It only adds the key (law 1); the body is
 * not read.
 */
export function createReconcileRoute(options: ReconcileRouteOptions): Router {
  const limitFailures = createFailureLimit({
    perMinute: options.failuresPerMinute ?? 100,
    clock: options.clock,
    // Not the path: whoever guesses tokens could change it each time.
    scope: () => 'api',
    onExceeded: (_request, response) => {
      send(response, answers.tooManyRefusals)
    },
  })
  const router = Router()
  router.post('/api/merge-requests/:key/reconcile', async (request, response, next) => {
    const answer = await answerTo(options, request)
    if (answer.status !== 401 && answer.status !== 403) {
      send(response, answer)
      return
    }
    options.log.warn({ status: answer.status, ...answer.body }, 'the wish for a pass was refused')
    await limitFailures(request, response, (error?: unknown) => {
      if (error !== undefined) next(error)
      else send(response, answer)
    })
  })
  return router
}

/** Who asks comes first: a stranger learns nothing about what is configured. */
async function answerTo(options: ReconcileRouteOptions, request: Request): Promise<ApiAnswer> {
  const asker = await authenticate(options, request.headersDistinct['authorization'] ?? [])
  if (asker.kind === 'unproven') return answers.unauthorized(asker.error)
  if (asker.kind === 'unsure') return answers.unsure(asker.error)
  const wanted = refIn(String(request.params['key']))
  if (wanted === null) return answers.malformedKey
  const requested = requestedKey(asker, wanted, options.repositories)
  if (requested.kind === 'unknown') return answers.unknownRepository
  if (requested.kind === 'foreign') return answers.foreignRepository
  return enqueue(options, requested.key, asker.kind)
}

function refIn(text: string): MergeRequestRef | null {
  try {
    return parseMergeRequestKey(text)
  } catch {
    return null
  }
}

async function enqueue(
  { enqueue: add, clock, log }: ReconcileRouteOptions,
  key: MergeRequestKey,
  by: 'token' | 'job',
): Promise<ApiAnswer> {
  const late = (): Error => new Error(`the queue did not answer within ${takeWithinMs} ms`)
  try {
    await withDeadline(add(key), { ms: takeWithinMs, clock, late })
  } catch (error) {
    log.warn({ mergeRequest: key, by, error }, 'the wish for a pass was not taken by the queue')
    return answers.passNotTaken
  }
  log.info({ mergeRequest: key, by }, 'a pass was asked for')
  return answers.passTaken(key)
}

function send(response: Response, { status, body, headers }: ApiAnswer): void {
  response.set({ 'Cache-Control': 'no-store', ...headers })
  response.status(status).json(body)
}
