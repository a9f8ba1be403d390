import { RetryLater } from '../../preview/errors.ts'

/** The body as text, read no further than `maxBytes`. */
export async function readCapped(response: Response, maxBytes: number, place: string): Promise<string> {
  if (response.body === null) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    // Leaving the loop cancels the stream, so an endless answer ends here.
    if (size > maxBytes) throw new RetryLater(`${place}: the answer is larger than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
