import { rm } from 'node:fs/promises'
import type { CommitSha } from '../../preview/brand.ts'
import { RetryLater, Stalled } from '../../preview/errors.ts'
import type { Snapshot } from '../snapshot.ts'
import { claimDirectory, type ClaimedDirectory } from './claim-directory.ts'
import type { Clone } from './clone.ts'
import { createGit } from './create-git.ts'
import { createMissingBranch } from './create-missing-branch.ts'
import { GitFailed } from './git-failed.ts'
import { judgeFailure, publicError } from './judge-failure.ts'
import type { GitEnvironmentRepositoryOptions } from './options.ts'
import { makeClone, reuseClone } from './prepare-clone.ts'
import { readSnapshot } from './read-snapshot.ts'

/** What this process knows of the branch, and the clone by which it knows. */
export interface Tip {
  /** The newest known; read from the server at first. */
  known(): Promise<Snapshot>
  /** Asks the server. */
  ask(): Promise<Snapshot>
  /**
   * One at a time with the clone. A damaged clone or a missing branch is mended once and `work` begins again; failures
   * of git come out as `RetryLater` or `Stalled`.
   */
  use<Result>(work: (desk: Desk) => Promise<Result>): Promise<Result>
  /** Makes a new clone when many small packs have piled up in this one. */
  tidy(): Promise<void>
  close(): Promise<void>
}

/** What `work` may use while it has the clone for itself. */
export interface Desk {
  readonly clone: Clone
  readonly snapshot: Snapshot
  /** Fetches, and gives what the branch says now. */
  fetch(): Promise<Snapshot>
  /** Takes over what is known to stand on the branch after a push. */
  adopt(snapshot: Snapshot): void
}

/** Each push leaves a pack, and every git process opens them all. */
const packLimit = 200

export function createTip(options: GitEnvironmentRepositoryOptions): Tip {
  const { log, branch, url } = options
  const git = createGit(options)
  const where = `branch ${branch} of ${url}`
  let claimed: ClaimedDirectory | undefined
  let clone: Clone | undefined
  let snapshot: Snapshot | undefined
  let packs = 0
  let last: Promise<unknown> = Promise.resolve()

  return {
    known: async () => snapshot ?? (await use(({ snapshot: read }) => Promise.resolve(read))),
    ask,
    use,
    async tidy() {
      if (packs < packLimit) return
      const directory = await place()
      await use(async () => {
        clone = undefined
        await rm(directory, { recursive: true, force: true })
        await openDesk()
      })
    },
    async close() {
      await last.catch(() => undefined)
      await claimed?.release()
    },
  }

  async function ask(): Promise<Snapshot> {
    const known = snapshot
    if (known === undefined) return await use((desk) => desk.fetch())
    if ((await translate(askServer)) === known.commit) return snapshot ?? known
    return await use((desk) => desk.fetch())
  }

  /** Outside the queue for the clone: a push under way does not keep a reader waiting. */
  async function askServer(): Promise<string> {
    const args = ['ls-remote', '--quiet', '--refs', '--', url, `refs/heads/${branch}`]
    return (await git.remote(null, args)).stdout.toString().split('\t')[0] ?? ''
  }

  function use<Result>(work: (desk: Desk) => Promise<Result>): Promise<Result> {
    const turn = last.catch(() => undefined).then(() => translate(() => withMending(work)))
    last = turn.catch(() => undefined)
    return turn
  }

  async function translate<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof GitFailed) throw publicError(judgeFailure(error.failure), error.failure, where)
      if (error instanceof RetryLater || error instanceof Stalled || !isDiskError(error)) throw error
      throw new RetryLater(`the cache in ${options.cacheDirectory} cannot be used`, { cause: error })
    }
  }

  async function withMending<Result>(work: (desk: Desk) => Promise<Result>): Promise<Result> {
    try {
      return await work(await openDesk())
    } catch (error) {
      if (!(await mend(error))) throw error
      return await work(await openDesk())
    }
  }

  /** True when it is worth another try. */
  async function mend(error: unknown): Promise<boolean> {
    const kind = error instanceof GitFailed ? judgeFailure(error.failure) : undefined
    if (kind !== 'damaged' && !(kind === 'missing' && options.createBranch)) return false
    const directory = await place()
    clone = undefined
    if (kind === 'missing') {
      log.warn({ branch }, 'The environment branch is missing and is made')
      await createMissingBranch(git, directory, options)
    } else log.warn({ error }, 'The clone of the environment repository is damaged and is made anew')
    await rm(directory, { recursive: true, force: true })
    return true
  }

  async function openDesk(): Promise<Desk> {
    if (clone === undefined || snapshot === undefined) {
      const opened = await openAnyClone()
      snapshot = await sync(opened, await (opened.isReused ? opened.clone.fetch() : opened.clone.tip()))
      clone = opened.clone
    }
    const open = clone
    return {
      clone: open,
      snapshot,
      async fetch() {
        packs++
        snapshot = await sync({ clone: open }, await open.fetch())
        return snapshot
      },
      adopt(next) {
        packs++
        snapshot = next
      },
    }
  }

  async function openAnyClone(): Promise<{ readonly clone: Clone; readonly isReused: boolean }> {
    const input = { git, url, branch, directory: await place() }
    const reused = await reuseClone(input)
    packs = 0
    return { clone: reused ?? (await makeClone(input)), isReused: reused !== undefined }
  }

  async function sync(opened: { readonly clone: Clone }, commit: CommitSha): Promise<Snapshot> {
    if (snapshot?.commit === commit) return snapshot
    const { directory, templates } = options
    return await readSnapshot({ clone: opened.clone, directory, templates, log }, commit, snapshot)
  }

  async function place(): Promise<string> {
    claimed ??= await claimDirectory(options.cacheDirectory, `${url} ${branch}`)
    return claimed.path
  }
}

function isDiskError(error: unknown): boolean {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string'
}
