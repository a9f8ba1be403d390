import { once } from 'node:events'
import { createServer, request as ask } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { selfSigned } from '../probe/self-signed.ts'

export interface TestProxy {
  /** Host and port. */
  readonly address: string
  /** Every place that was asked for, for example `preview.example:8443`, in order. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

/**
 * A real forward proxy: it tunnels `CONNECT` and passes plain requests on. Names are resolved by it alone, as behind a company's
 * wall: `places` says which port of this machine stands behind a host and port. `login`: user and password that it wants to see.
 */
export async function startProxy(
  places: Readonly<Record<string, number>>,
  login: string | null = null,
): Promise<TestProxy> {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  const expected = login === null ? null : `Basic ${Buffer.from(login).toString('base64')}`
  const server = createServer((request, response) => {
    const { host, pathname, search } = new URL(request.url ?? '')
    asked.push(host)
    const port = places[host]
    if (port === undefined) return void response.writeHead(502).end()
    const passed = ask(
      { host: '127.0.0.1', port, method: request.method, path: pathname + search, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    passed.on('error', () => response.destroy())
    request.pipe(passed)
  })
  server.on('connect', ({ url = '', headers }, client: Socket, head: Buffer) => {
    asked.push(url)
    const port = places[url]
    if (expected !== null && headers['proxy-authorization'] !== expected)
      return void client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n',
      )
    if (port === undefined) return void client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    const behind = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      behind.write(head)
      behind.pipe(client).pipe(behind)
    })
    behind.on('error', () => client.destroy())
    client.on('close', () => behind.destroy())
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    // Whoever is killed in the middle resets it.
    socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Speaks TLS as `preview.example` before a plain server of this machine; gives its port. */
export async function startTls(url: string): Promise<{ readonly port: number; close(): void }> {
  const sockets = new Set<Socket>()
  const server = createTlsServer(selfSigned, (client) => {
    const behind = connect(Number(new URL(url).port), '127.0.0.1')
    for (const socket of [client, behind]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
    }
    client.pipe(behind).pipe(client)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
