import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Express, type Router } from 'express'
import helmet from 'helmet'
import type { Log } from './log.ts'
import { Stalled } from './preview/errors.ts'
import type { PreviewRecord } from './report/preview-registry.ts'
import { createProbes, type ProbesOptions } from './server/probes.ts'
import {
  answerErrors,
  answerNotFound,
  createApi,
  createMetricsRoute,
  type MetricsText,
} from './server/routes.ts'
import { createWhyRoutes, type WhyRoutesOptions } from './server/why-routes.ts'

export interface ServerOptions extends ProbesOptions {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** A port of its own for `/metrics`; null: on the main one. */
  readonly metricsPort: number | null
  readonly webhooks: Router
  /** Where CI asks for a pass; null: nowhere. */
  readonly callback: Router | null
  readonly metrics: MetricsText
  readonly previews: () => readonly PreviewRecord[]
  readonly why: WhyRoutesOptions
  /** How long a client may take for its headers, and for its whole request; 10 s when left out. */
  readonly requestTimeoutMs?: number
  /** Addresses or subnets of proxies whose `X-Forwarded-For` counts; nobody's when left out. */
  readonly trustProxy?: readonly string[]
}

export interface RunningServer {
  readonly url: string
  /** Where `/metrics` answers. */
  readonly metricsUrl: string
  /** Takes no new connections, lets running requests end, and cuts what is left after `deadlineMs`. */
  close(deadlineMs: number): Promise<void>
}

// A burst of a forge comes on as many connections: 1000 merge requests at once must find room.
const maxConnections = 5000
const backlog = 2048

/** Starts to listen. @throws when the address is taken or not ours. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const main = await listen(createMainApp(options), options.port, options)
  if (options.metricsPort === null) {
    const url = urlOf(main, options.host)
    return { url, metricsUrl: `${url}/metrics`, close: (deadlineMs) => close(main, deadlineMs) }
  }
  const metrics = await listen(createMetricsApp(options), options.metricsPort, options).catch(
    async (error: unknown) => {
      await close(main, 0)
      throw error
    },
  )
  return {
    url: urlOf(main, options.host),
    metricsUrl: `${urlOf(metrics, options.host)}/metrics`,
    close: async (deadlineMs) => {
      await Promise.all([close(main, deadlineMs), close(metrics, deadlineMs)])
    },
  }
}

function createMainApp(options: ServerOptions): Express {
  const app = createApp(options)
  app.use(createProbes(options))
  if (options.metricsPort === null) app.use(createMetricsRoute(options.metrics))
  app.use(createApi(options.previews))
  if (options.callback !== null) app.use(options.callback)
  app.use(createWhyRoutes(options.why))
  app.use(options.webhooks)
  return closed(app, options.log)
}

function createMetricsApp(options: ServerOptions): Express {
  const app = createApp(options)
  app.use(createMetricsRoute(options.metrics))
  return closed(app, options.log)
}

function createApp({ trustProxy = [] }: ServerOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', [...trustProxy])
  app.set('query parser', false)
  app.use(helmet())
  return app
}

function closed(app: Express, log: Log): Express {
  app.use(answerNotFound)
  app.use(answerErrors(log))
  return app
}

function listen(
  app: Express,
  port: number,
  { host, requestTimeoutMs = 10_000 }: ServerOptions,
): Promise<Server> {
  const server = createServer(
    {
      headersTimeout: requestTimeoutMs,
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: 5000,
      // Node looks for slow requests only this often.
      connectionsCheckingInterval: Math.min(1000, requestTimeoutMs / 2),
    },
    // Express types its handler as a promise-less function of its own request and response.
    (request, response) => {
      app(request, response)
    },
  )
  server.maxConnections = maxConnections
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => {
      reject(cannotListen(host, port, error))
    }
    server.once('error', refuse)
    server.listen({ port, host, backlog }, () => {
      server.off('error', refuse)
      resolve(server)
    })
  })
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function close(server: Server, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => {
      server.closeAllConnections()
    }, deadlineMs)
    server.close(() => {
      clearTimeout(deadline)
      resolve()
    })
  })
}

function cannotListen(host: string, port: number, { code, message }: NodeJS.ErrnoException): Error {
  if (code === 'EADDRINUSE')
    return new Stalled(
      `port ${port} of ${host} is taken: stop what listens there, or choose another server.port`,
    )
  if (code === 'EACCES')
    return new Stalled(`this user may not listen on port ${port}: choose a server.port above 1023`)
  return new Stalled(`cannot listen on port ${port} of ${host} (${message}): see server.host and server.port`)
}
