import type { FetchHeaders } from '../../network/create-fetch.ts'
import { createBoundedMap } from '../../pace/bounded-map.ts'

/** An answer that was read once, to be used again when the forge says that nothing changed (304, RFC 9110 15.4.5). */
export interface KnownAnswer {
  readonly etag: string
  /** Already of the right shape: what is not used of an answer is not kept. */
  readonly value: unknown
  readonly headers: FetchHeaders
}

export interface KnownAnswers {
  find(url: URL): KnownAnswer | null
  /** Keeps an answer that has a tag. */
  keep(url: URL, headers: FetchHeaders, value: unknown): void
}

/** The headers that readers of a list look at. */
const kept: readonly string[] = ['link']

/** Remembers the answers used last, at most `size`. Forgetting one costs a full read and nothing else. */
export function createKnownAnswers(size: number): KnownAnswers {
  const known = createBoundedMap<string, KnownAnswer>(size)
  return {
    find({ href }) {
      const found = known.get(href)
      if (found === undefined) return null
      // Used, so the newest one now.
      known.set(href, found)
      return found
    },
    keep({ href }, headers, value) {
      const etag = headers.get('etag')
      if (etag === null) known.delete(href)
      else known.set(href, { etag, value, headers: only(headers) })
    },
  }
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
