import { request } from 'node:http'

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly text: string
}

export interface HttpQuestion {
  readonly method?: string
  /** Sent as they are: an array is sent as several headers. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** Several parts go out chunked, one part with its length. */
  readonly body?: string | Uint8Array | Iterable<Uint8Array>
}

/** One HTTP request on a connection of its own, without any header that fetch would add. */
export function ask(
  url: string,
  { method = 'GET', headers = {}, body = '' }: HttpQuestion = {},
): Promise<HttpAnswer> {
  const whole = typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : undefined
  const length =
    whole === undefined ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(whole.length) }
  return new Promise((resolve, reject) => {
    const plain = Object.fromEntries(
      Object.entries({ ...length, ...headers }).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : [...value],
      ]),
    )
    const asking = request(url, { method, headers: plain, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
      })
    })
    asking.on('error', reject)
    for (const part of whole === undefined ? (body as Iterable<Uint8Array>) : [whole]) asking.write(part)
    asking.end()
  })
}
