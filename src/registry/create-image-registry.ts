import type { LookupFunction } from 'node:net'
import { ForbiddenHost, type Resolve } from '../network/checked-lookup.ts'
import type { Fetch } from '../network/create-fetch.ts'
import type { Clock } from '../pace/clock.ts'
import { withDeadline } from '../pace/deadline.ts'
import { RetryLater } from '../preview/errors.ts'
import { createKnownLogins } from './known-logins.ts'
import { lookUpImage } from './look-up-image.ts'
import { type ImageReference, parseReference, referenceText } from './parse-reference.ts'
import type { ImageReading, ImageRegistry } from './port.ts'
import { createRegistryHttp } from './registry-http.ts'
import type { RegistryCredential } from './registry-login.ts'
import { registryOrigin, speaksPlainHttp } from './registry-origin.ts'
import { createRegistryTokens } from './registry-tokens.ts'
import { createSharedLooks } from './shared-looks.ts'

export interface ImageRegistryOptions {
  /** `(lookup) => createFetch(variables, lookup)`: the lookup refuses addresses when they are connected to. */
  readonly fetch: (lookup: LookupFunction) => Fetch
  readonly clock: Clock
  /** Tried after nobody, before the docker config. */
  readonly credentials: readonly RegistryCredential[]
  /** Path of a mounted docker config, read whenever a registry asks who is there; null: there is none. */
  readonly dockerConfig: string | null
  readonly resolve: Resolve
  /** For tests alone: registries and realms on this machine may be asked, without TLS. */
  readonly allowLoopback?: boolean
}

/** One question may take several calls, each with a deadline of its own. */
const wholeMs = 30_000
const cachedMs = 2000

/** Asks registries over https. Nothing but tokens is remembered for longer than a moment, and nothing is written anywhere. */
export function createImageRegistry(options: ImageRegistryOptions): ImageRegistry {
  const { clock, credentials, allowLoopback = false } = options
  const http = createRegistryHttp({ ...options, allowed: allowLoopback ? ['127.0.0.1', '::1'] : [] })
  const tokens = createRegistryTokens(http, clock)
  const shared = createSharedLooks<ImageReading>(cachedMs, clock)
  const loginsFor = createKnownLogins(credentials, options.dockerConfig)
  const isPlain = (host: string): boolean => speaksPlainHttp(host, credentials, allowLoopback)

  return {
    async find(text) {
      const parsed = parseReference(text)
      if (parsed.kind === 'invalid') return parsed
      const { reference } = parsed
      return await shared(referenceText(reference), () => lookInTime(reference))
    },
  }

  async function lookInTime(reference: ImageReference): Promise<ImageReading> {
    const late = (): Error =>
      new RetryLater(`${reference.host} did not say within ${wholeMs / 1000} s whether an image is there`)
    return await withDeadline(lookNow(reference), { ms: wholeMs, clock, late })
  }

  async function lookNow(reference: ImageReference): Promise<ImageReading> {
    try {
      const origin = registryOrigin(reference.host, isPlain)
      return await lookUpImage({ http, tokens, origin, reference, loginsFor, isPlain })
    } catch (error) {
      if (!(error instanceof ForbiddenHost)) throw error
      return { kind: 'invalid', why: `The host of the image must not be asked: ${error.message}` }
    }
  }
}
