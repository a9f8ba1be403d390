import type { Redis } from 'ioredis'
import type { Log } from '../log.ts'
import { redisReason } from './redis.ts'
import { Stalled } from '../preview/errors.ts'

/**
 * Makes sure that this Redis keeps what it is given; warns where it may not be queried.
 * @throws Error naming the policy and the remedy when keys may be evicted, or when Redis is older than 6.2.
 */
export async function checkServer(
  client: Redis,
  where: string,
  log: Log,
): Promise<{ readonly version: string | null }> {
  const info = await answerOf(() => client.info())
  const version = /^redis_version:(\S+)/m.exec(info ?? '')?.[1] ?? null
  if (version !== null && tooOld(version))
    throw new Stalled(`Redis at ${where} is version ${version}; Mayfly needs 6.2 or newer`)
  const policy = (await configuredPolicy(client)) ?? /^maxmemory_policy:(\S+)/m.exec(info ?? '')?.[1] ?? null
  if (policy === null)
    log.warn(
      { redis: where },
      'Redis may not be asked for its maxmemory-policy; make sure that it is noeviction',
    )
  if (policy !== null && policy !== 'noeviction') throw new Stalled(evicts(where, policy))
  return { version }
}

function tooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major < 6 || (major === 6 && minor < 2)
}

async function configuredPolicy(client: Redis): Promise<string | null> {
  const answer = await answerOf(() => client.config('GET', 'maxmemory-policy'))
  const policy: unknown = Array.isArray(answer) ? answer[1] : null
  return typeof policy === 'string' ? policy : null
}

/** Null when Redis forbids or does not know the command, as hosted ones do. */
async function answerOf<T>(question: () => Promise<T>): Promise<T | null> {
  try {
    return await question()
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError') return null
    throw new Error(`Redis did not say how it is configured: ${redisReason(error)}`)
  }
}

function evicts(where: string, policy: string): string {
  return (
    `Redis at ${where} has maxmemory-policy ${policy} and may throw waiting merge requests away. ` +
    'Set it to noeviction (maxmemory-policy noeviction in redis.conf, or CONFIG SET maxmemory-policy noeviction), ' +
    'or give Mayfly a Redis of its own.'
  )
}
