import { createBoundedMap } from '../../pace/bounded-map.ts'
import { RetryLater } from '../../preview/errors.ts'
import type { PendingChange } from './pending-change.ts'

/** Changes that are pushed together. */
export interface Batch {
  readonly entries: readonly PendingChange[]
  readonly search: Search
  /** The other half of what was refused: once this one lands, the fault is there. */
  readonly otherHalf?: Batch
  isGuilty: boolean
}

/** The search for those that the server does not take, among the changes that once went together. */
interface Search {
  /** How many more times a part may be cut. */
  cuts: number
  /** Some of them were taken, so not everything is refused. */
  hasLanded: boolean
  /** What one bad change may cost: about the logarithm of how many there were. */
  readonly perBad: number
}

/** Where everything is refused, cutting on would push each alone. */
const FIRST_CUTS = 20
const REMEMBERED = 10_000

/** Whose change was refused alone, and what becomes of the others beside it. */
export interface RefusedSearch {
  /** Those that were refused alone before go alone, after the others, so that they spoil nothing. */
  separate(entries: readonly PendingChange[]): readonly Batch[]
  /** What to push next of the parts that wait; one in which the fault must be is cut without being tried once more. */
  next(parts: Batch[]): Batch | undefined
  /** Parts of a refused batch to be pushed next; `named`: the places in it that the server spoke of. Empty: all are answered. */
  refuse(batch: Batch, error: Error, named: readonly number[]): readonly Batch[]
  land(batch: Batch): void
}

export function createRefusedSearch(where: string): RefusedSearch {
  const refusedAlone = createBoundedMap<string, true>(REMEMBERED)

  return {
    separate(entries) {
      const isSuspect = (entry: PendingChange): boolean =>
        marksOf(entry).some((mark) => refusedAlone.get(mark))
      const suspects = entries.filter(isSuspect)
      const others = entries.filter((entry) => !isSuspect(entry))
      return [others, ...suspects.map((entry) => [entry])].filter((part) => part.length > 0).map(batchOf)
    },
    next(parts) {
      for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
        if (!part.isGuilty || part.entries.length === 1 || part.search.cuts <= 0) return part
        part.search.cuts--
        parts.unshift(...halve(part))
      }
      return undefined
    },
    refuse(batch, error, named) {
      const { entries, search } = batch
      const [alone] = entries
      if (alone !== undefined && entries.length === 1) {
        for (const mark of marksOf(alone)) refusedAlone.set(mark, true)
        if (search.hasLanded) search.cuts += search.perBad
        alone.reject(error)
        return []
      }
      if (search.cuts <= 0) {
        for (const entry of entries) entry.reject(notTriedAlone(where))
        return []
      }
      search.cuts--
      return cut(batch, named)
    },
    land({ entries, search, otherHalf }) {
      if (otherHalf !== undefined) otherHalf.isGuilty = true
      if (!search.hasLanded) search.cuts += search.perBad
      search.hasLanded = true
      for (const mark of entries.flatMap(marksOf)) refusedAlone.delete(mark)
    },
  }
}

/** The preview, and its author: a rule about either refuses the next one like this. */
function marksOf({ change }: PendingChange): readonly string[] {
  return [change.preview, `author ${change.author.email}`]
}

function batchOf(entries: readonly PendingChange[]): Batch {
  const perBad = 1 + Math.ceil(Math.log2(entries.length))
  return { entries, search: { cuts: FIRST_CUTS, hasLanded: false, perBad }, isGuilty: false }
}

/** The others first: whoever the server spoke of goes alone. Where it named nobody, or everybody, a half tells more. */
function cut(batch: Batch, named: readonly number[]): readonly Batch[] {
  const { entries, search } = batch
  if (named.length === 0 || named.length === entries.length) return halve(batch)
  const others = entries.filter((_entry, place) => !named.includes(place))
  const alone = entries.filter((_entry, place) => named.includes(place)).map((entry) => [entry])
  return [others, ...alone].map((part) => ({ entries: part, search, isGuilty: false }))
}

function halve({ entries, search }: Batch): readonly Batch[] {
  const half = Math.ceil(entries.length / 2)
  const otherHalf: Batch = { entries: entries.slice(half), search, isGuilty: false }
  return [{ entries: entries.slice(0, half), search, otherHalf, isGuilty: false }, otherHalf]
}

/** Nobody is told another's fault: those who were not tried alone only learn that they come again. */
function notTriedAlone(where: string): RetryLater {
  return new RetryLater(
    `${where} refuses a push of several changes, and this one has not been tried alone yet: that comes by itself`,
  )
}
