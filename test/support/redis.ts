import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Redis } from 'ioredis'
import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'

/** Null when `redis-server` can be started, else why not and the way out; a suite skips itself with it. */
export const redisMissing: string | null = findRedis()

function findRedis(): string | null {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return null
  } catch {
    return 'redis-server is not in PATH: apt-get install redis-server'
  }
}

/** A real Redis on a free loopback port, its files in a temporary directory. */
export interface TestRedis {
  readonly url: string
  readonly port: number
  /** A client of the test's own. */
  readonly client: Redis
  /** SIGKILL, as a lost machine does it. Idempotent. */
  kill(): Promise<void>
  /** The same port and files again. */
  restart(): Promise<void>
  /** Stops and continues the process: it accepts connections and answers nothing. */
  freeze(): void
  thaw(): void
  remove(): Promise<void>
}

/** `settings` as in redis.conf: `{ appendonly: 'yes', 'maxmemory-policy': 'allkeys-lru' }`. */
export async function startRedis(settings: Readonly<Record<string, string>> = {}): Promise<TestRedis> {
  const directory = await mkdtemp(path.join(tmpdir(), 'mayfly-redis-'))
  const port = await freePort()
  const password = settings['requirepass']
  const client = new Redis({
    port,
    host: '127.0.0.1',
    lazyConnect: true,
    ...(password === undefined ? {} : { password }),
    maxRetriesPerRequest: null,
    retryStrategy: () => 20,
  })
  client.on('error', () => undefined)
  const server: { process: ChildProcess } = { process: await serve(port, directory, settings) }
  const kill = async (): Promise<void> => {
    await end(server.process)
  }
  await ready(client)
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    client,
    kill,
    restart: async () => {
      await kill()
      server.process = await serve(port, directory, settings)
      await ready(client)
    },
    freeze: () => {
      server.process.kill('SIGSTOP')
    },
    thaw: () => {
      server.process.kill('SIGCONT')
    },
    remove: async () => {
      client.disconnect()
      await kill()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function serve(
  port: number,
  directory: string,
  settings: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const given = Object.entries({ save: '', appendonly: 'no', ...settings })
  const options = given.flatMap(([name, value]) => [`--${name}`, ...value.split(' ')])
  const server = spawn(
    'redis-server',
    ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', directory, ...options],
    {
      stdio: 'ignore',
    },
  )
  // A test run that is cut short leaves no server behind.
  const endWithUs = (): void => void server.kill('SIGKILL')
  process.once('exit', endWithUs)
  server.once('exit', () => process.off('exit', endWithUs))
  await once(server, 'spawn')
  return server
}

async function ready(client: Redis): Promise<void> {
  if (client.status === 'wait') client.connect().catch(() => undefined)
  await eventually(() => client.ping())
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const exited = once(server, 'exit')
  server.kill('SIGKILL')
  await exited
}
