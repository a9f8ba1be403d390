import type { CommitSha } from '../../preview/brand.ts'
import { RetryLater, Stalled } from '../../preview/errors.ts'
import { plainLine } from '../../preview/plain-line.ts'
import type { CheckReading, CommitChecks } from '../commit-checks.ts'
import { allPages } from '../http/all-pages.ts'
import type { CheckList, PostedCheck } from './checks-dialect.ts'
import type { RestDialect } from './dialect.ts'

/** What CI says of commits, out of the dialect of a forge: which word is the newest, and which counts, is decided once for all. */
export function createRestChecks(dialect: RestDialect): CommitChecks {
  return {
    readChecks: async (repository, sha, names) => {
      const posted: PostedCheck[] = []
      const hidden: Stalled[] = []
      for (const list of names.length === 0 ? [] : dialect.checks.lists(repository, sha, names)) {
        const read = await readList(dialect, repository, list)
        if (read instanceof Stalled) hidden.push(read)
        else posted.push(...read)
      }
      proveCommit(dialect.name, sha, posted)
      const settled = dialect.checks.settle(posted)
      const readings = names.map((name) => readingOf(name, settled))
      const [refusal] = hidden
      // It might be just there.
      if (refusal !== undefined && readings.some(({ state }) => state === 'missing')) throw refusal
      return readings
    },
  }
}

/** All of it, or why it may not be seen. */
async function readList(
  { http, calls, paging }: RestDialect,
  repository: string,
  { call, needed }: CheckList,
): Promise<readonly PostedCheck[] | Stalled> {
  const answer = await allPages(
    http,
    call,
    paging(({ id }) => id, 'checks'),
  )
  if (answer.kind === 'value') return answer.value
  if (!needed && aboutTheRight.includes(answer.status)) return answer.error
  // No such commit, which the repository itself confirms.
  const found = await http.ask(calls.repository(repository))
  if (found.kind === 'status') throw found.error
  return []
}

/** Law 3: what is said of another commit is an odd answer. */
function proveCommit(forge: string, sha: CommitSha, posted: readonly PostedCheck[]): void {
  const odd = posted.find((check) => check.sha !== null && check.sha !== sha)
  if (odd !== undefined)
    throw new RetryLater(
      `${forge} answers with a ${odd.kind} of another commit when asked for ${sha.slice(0, 7)}`,
    )
}

const aboutTheRight: readonly number[] = [403, 404]

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
