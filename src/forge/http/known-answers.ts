import type { FetchHeaders } from '../../network/create-fetch.ts'
import { createBoundedMap } from '../../pace/bounded-map.ts'

/** An answer that was read once, to be used again when the forge says that nothing changed (304, RFC 9110 15.4.5). */
export interface KnownAnswer {
  readonly etag: string
  /** Already of the right shape: what is not used of an answer is not kept. */
  readonly value: unknown
  readonly headers: FetchHeaders
}

/** By operation and address: two operations read the same answer each in their own shape. */
export interface KnownAnswers {
  find(operation: string, url: URL): KnownAnswer | null
  /** Keeps an answer that has a tag. */
  keep(operation: string, url: URL, answer: Omit<KnownAnswer, 'etag'>): void
}

/** The headers that readers of a list look at. */
const kept: readonly string[] = ['link']

/** Remembers the answers used last, at most `size`. Forgetting one costs a full read and nothing else. */
export function createKnownAnswers(size: number): KnownAnswers {
  const known = createBoundedMap<string, KnownAnswer>(size)
  return {
    find(operation, url) {
      const key = keyOf(operation, url)
      const found = known.get(key)
      if (found === undefined) return null
      // Used, so the newest one now.
      known.set(key, found)
      return found
    },
    keep(operation, url, { headers, value }) {
      const key = keyOf(operation, url)
      const etag = headers.get('etag')
      if (etag === null) known.delete(key)
      else known.set(key, { etag, value, headers: only(headers) })
    },
  }
}

function keyOf(operation: string, { href }: URL): string {
  return `${operation} ${href}`
}

function only(headers: FetchHeaders): FetchHeaders {
  return new Headers(
    kept.flatMap((name): [string, string][] => {
      const value = headers.get(name)
      return value === null ? [] : [[name, value]]
    }),
  )
}

/** For a forge whose answers have no tags. */
export const nothingKnown: KnownAnswers = { find: () => null, keep: () => undefined }
