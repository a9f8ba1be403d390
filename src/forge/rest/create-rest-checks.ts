import type { CommitSha } from '../../preview/brand.ts'
import type { Stalled } from '../../preview/errors.ts'
import { RetryLater } from '../../preview/errors.ts'
import { plainLine } from '../../preview/plain-line.ts'
import type { CheckReading, CommitChecks } from '../commit-checks.ts'
import { allPages } from '../http/all-pages.ts'
import type { CheckList, PostedCheck } from './checks-dialect.ts'
import type { RestDialect } from './dialect.ts'

/** What CI says of commits, out of the dialect of a forge: which word is the newest, and which counts, is decided once for all. */
export function createRestChecks(dialect: RestDialect): CommitChecks {
  return {
    readChecks: async (repository, sha, names) => {
      const { posted, hidden } = await readLists(
        dialect,
        repository,
        names.length === 0 ? [] : dialect.checks.lists(repository, sha, names),
      )
      proveCommit(dialect.name, sha, posted)
      const settled = dialect.checks.settle(posted)
      const readings = names.map((name) => readingOf(name, settled))
      // It might be just there.
      if (hidden !== null && readings.some(({ state }) => state === 'missing')) throw hidden
      return readings
    },
  }
}

interface Read {
  readonly posted: readonly PostedCheck[]
  /** Why some of it may not be seen; null: all of it was. */
  readonly hidden: Stalled | null
}

async function readLists(
  { http, calls, paging }: RestDialect,
  repository: string,
  lists: readonly CheckList[],
): Promise<Read> {
  const posted: PostedCheck[] = []
  let hidden: Stalled | null = null
  for (const { call, needed } of lists) {
    const answer = await allPages(
      http,
      call,
      paging(({ id }) => id, 'checks'),
    )
    if (answer.kind === 'value') posted.push(...answer.value)
    else if (needed) {
      // No such commit, which the repository itself confirms: nothing is said of it anywhere.
      const found = await http.ask(calls.repository(repository))
      if (found.kind === 'status') throw found.error
      return { posted: [], hidden: null }
    } else if (aboutTheRight.includes(answer.status)) hidden = answer.error
  }
  return { posted, hidden }
}

const aboutTheRight: readonly number[] = [403, 404]

/** Law 3: what is said of another commit is an odd answer. */
function proveCommit(forge: string, sha: CommitSha, posted: readonly PostedCheck[]): void {
  const odd = posted.find((check) => check.sha !== null && check.sha !== sha)
  if (odd !== undefined)
    throw new RetryLater(
      `${forge} answers with a ${odd.kind} of another commit when asked for ${sha.slice(0, 7)}`,
    )
}

function readingOf(name: string, posted: readonly PostedCheck[]): CheckReading {
  const newest = new Map<PostedCheck['kind'], PostedCheck>()
  for (const check of posted) {
    if (check.name !== name) continue
    const known = newest.get(check.kind)
    if (known === undefined || check.id > known.id) newest.set(check.kind, check)
  }
  const [worst] = [...newest.values()].toSorted((one, other) => badness[other.state] - badness[one.state])
  if (worst === undefined) return { name, state: 'missing', description: null, url: null }
  return { name, state: worst.state, description: lineOf(worst.description), url: webUrl(worst.url) }
}

const badness = { passed: 0, pending: 1, failed: 2 } as const

const longestLine = 200
const longestUrl = 2_000

function lineOf(text: string | null): string | null {
  const line = plainLine(text ?? '', longestLine)
  return line === '' ? null : line
}

function webUrl(text: string | null): string | null {
  if (text === null || text.length > longestUrl || !URL.canParse(text)) return null
  const { protocol, href } = new URL(text)
  return protocol === 'https:' || protocol === 'http:' ? href : null
}
