import { RetryLater } from '../../preview/errors.ts'
import type { ResourceSelector } from '../cluster.ts'
import { type ApiParts, readText, apiErrorOf, apiPath } from './call-api.ts'
import { type WatchEvent, watchEventSchema } from './schema.ts'

export interface WatchOptions {
  readonly place: ResourceSelector
  /** The last version that was seen. */
  readonly from: string
  /** How long the API server keeps it open. */
  readonly timeoutSeconds: number
  readonly signal: AbortSignal
  /** It was taken: from now on the copy is in step. */
  readonly onOpen: () => void
}

const MOST_LINE_BYTES = 16 * 1024 * 1024

/**
 * The events of one watch, until the API server closes it. A version that is too old comes as an ERROR event with code 410,
 * however the API server says it.
 * @throws RetryLater, Stalled, or what the connection throws when it breaks
 */
export async function* watchObjects(parts: ApiParts, options: WatchOptions): AsyncGenerator<WatchEvent> {
  const { kind, namespace, labels } = options.place
  const answer = await parts.transport.send({
    method: 'GET',
    path: apiPath(kind, namespace),
    query: {
      watch: 'true',
      resourceVersion: options.from,
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(options.timeoutSeconds),
      ...(labels === null ? {} : { labelSelector: labels }),
    },
    signal: options.signal,
  })
  if (answer.status !== 200) {
    const text = await readText(answer)
    if (answer.status !== 410) throw apiErrorOf({ verb: 'watch', kind, namespace }, answer, text)
    yield { type: 'ERROR', object: { code: 410, message: 'too old' } }
    return
  }
  options.onOpen()
  for await (const line of lines(answer.body)) yield parseEvent(line)
}

async function* lines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of body) {
    rest = Buffer.concat([rest, chunk])
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const line = rest.subarray(0, end).toString('utf8').trim()
      rest = rest.subarray(end + 1)
      if (line !== '') yield line
    }
    if (rest.byteLength > MOST_LINE_BYTES)
      throw new RetryLater('a watch event of the API server is too large')
  }
  if (rest.toString('utf8').trim() !== '') throw new RetryLater('a watch broke off in the middle of an event')
}

/** An event that cannot be read may be one that matters: the watch ends, and a list tells. */
function parseEvent(line: string): WatchEvent {
  try {
    return watchEventSchema.parse(JSON.parse(line))
  } catch (error) {
    throw new RetryLater('the API server sent a watch event that is odd', { cause: error })
  }
}
