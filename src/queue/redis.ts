import { Redis, type RedisOptions as AnyRedisOptions } from 'ioredis'
import type { Clock } from '../pace/clock.ts'
import { Stalled } from '../preview/errors.ts'
import type { Log } from '../log.ts'
import { withDeadline } from '../pace/deadline.ts'

type RedisOptions = Omit<AnyRedisOptions, 'replyMapping'>

/** What is needed to reach one Redis, and its name for people: host and port, never user or password. */
export interface RedisAddress {
  readonly where: string
  open(options: RedisOptions): Redis
}

/** `redis://` or `rediss://`, with user and password where needed. */
export type RedisUrl = string | { reveal(): string }

/** @throws Error when `url` is no `redis://` or `rediss://` URL; the message does not repeat it, a password may be inside. */
export function redisAddress(url: RedisUrl): RedisAddress {
  const text = (): string => (typeof url === 'string' ? url : url.reveal())
  const parsed = parsedUrl(text())
  return {
    where: `${parsed.hostname}:${parsed.port === '' ? '6379' : parsed.port}`,
    open: (options) => new Redis(text(), options),
  }
}

function parsedUrl(text: string): URL {
  const parsed = URL.canParse(text) ? new URL(text) : null
  if (parsed === null || !/^rediss?:$/.test(parsed.protocol) || parsed.hostname === '')
    throw new Stalled(
      'queue.redis is not a Redis URL; write redis://host:6379, or rediss://user:password@host:6379 for TLS',
    )
  if (!isPercentEncoded(parsed.username + parsed.password))
    throw new Stalled('queue.redis holds a user or password that is not percent-encoded: write % as %25')
  return parsed
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** Comes back quickly after a restart of Redis, and leaves a replica that was the primary before a failover. */
const patience: RedisOptions = {
  retryStrategy: (times) => Math.min(1_000, times * 50),
  reconnectOnError: (error) => error.message.startsWith('READONLY'),
  connectTimeout: 4_000,
  keepAlive: 10_000,
}

/** For producers: a command fails at once while Redis is away, and after `answerMs` when it does not answer. */
export function producerOptions(answerMs: number): RedisOptions {
  return {
    ...patience,
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: null,
    commandTimeout: answerMs,
    socketTimeout: answerMs,
  }
}

/**
 * For the worker: commands wait for Redis. Not lazy: BullMQ would never look again when the first attempt to connect fails.
 * The silence allowed is longer than BullMQ's longest blocking read, 10 s.
 */
export const workerOptions: RedisOptions = { ...patience, maxRetriesPerRequest: null, socketTimeout: 15_000 }

/**
 * Resolves when `client` is ready for commands.
 * @throws Error naming host, port and the way out when Redis is not ready within `ms` or refuses the login.
 */
export async function connect(
  client: Redis,
  { where, ms, clock }: { readonly where: string; readonly ms: number; readonly clock: Clock },
): Promise<void> {
  const heard = { last: 'no answer' }
  const ready = new Promise<void>((resolve, reject) => {
    client.once('ready', resolve)
    client.on('error', (error: Error) => {
      heard.last = redisReason(error)
      if (loginRefused.test(error.message)) reject(new Stalled(cannotReach(where, heard.last)))
    })
  })
  const late = (): Error => new Stalled(cannotReach(where, heard.last))
  try {
    // The first refusal rejects `connect()`; the client itself goes on trying until the deadline.
    client.connect().catch(() => undefined)
    await withDeadline(ready, { ms, clock, late })
  } catch (error) {
    client.disconnect()
    throw error
  }
}

const loginRefused = /^(WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password)/

function cannotReach(where: string, reason: string): string {
  return `Redis at ${where} cannot be used (${reason}). Start it or correct queue.redis; without queue.redis the queue lives in this process.`
}

/** What went wrong, in words. Errors of Redis carry the command with its arguments, a password among them: never log one. */
export function redisReason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code} ` : ''
  const text = error instanceof AggregateError && error.message === '' ? 'connection refused' : error.message
  return text.startsWith(code) ? text : code + text
}

/** Logs once that Redis went away, and once that it is back. */
export function logConnectionChanges(client: Redis, where: string, log: Log): void {
  const seen = { away: false }
  client.on('close', () => {
    if (seen.away || client.status === 'end') return
    seen.away = true
    log.warn({ redis: where }, 'Redis is away; keys are not taken until it is back')
  })
  client.on('ready', () => {
    if (seen.away) log.info({ redis: where }, 'Redis is back')
    seen.away = false
  })
}
