import type { IncomingMessage } from 'node:http'

export type Body =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'cut-off' }

/**
 * Reads a request's body, counting while it streams; `maxBytes` itself is still fine. What comes after is thrown away
 * unread until the server's request timeout ends it, so that the sender can read our answer.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    request.resume()
    return Promise.resolve({ kind: 'too-large' })
  }
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = []
    let size = 0

    function settle(body: Body): void {
      request.off('data', take).off('end', end).off('close', cut)
      resolve(body)
    }
    function take(chunk: Uint8Array): void {
      size += chunk.length
      if (size <= maxBytes) chunks.push(chunk)
      else {
        settle({ kind: 'too-large' })
        request.resume()
      }
    }
    function end(): void {
      settle({ kind: 'whole', bytes: Buffer.concat(chunks) })
    }
    function cut(): void {
      settle({ kind: 'cut-off' })
    }
    // `error` comes with `close`, and stays listened to: unheard it would end the process.
    request.on('data', take).on('end', end).on('close', cut).on('error', cut)
  })
}
