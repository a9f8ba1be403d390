import { once } from 'node:events'
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** One webhook as it came in. */
export interface Delivery {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface DeliveryRecorder {
  readonly url: string
  readonly deliveries: readonly Delivery[]
  stop(): Promise<void>
}

/** An HTTP server on loopback that takes every webhook and keeps it. */
export async function recordDeliveries(): Promise<DeliveryRecorder> {
  const deliveries: Delivery[] = []
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
      deliveries.push({
        headers: Object.fromEntries(headers) as Record<string, string>,
        body: body.toString(),
      })
      response.writeHead(202).end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port')
  return {
    url: `http://127.0.0.1:${address.port}/webhooks/gitea`,
    deliveries,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
