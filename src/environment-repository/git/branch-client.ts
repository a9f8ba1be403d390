import type { CommitSha } from '../../preview/brand.ts'
import { RetryLater, Stalled } from '../../preview/errors.ts'
import type { Snapshot } from '../snapshot.ts'
import { atMost } from '../../pace/at-most.ts'
import type { Clone } from './clone.ts'
import { type CloneKeeper, createCloneKeeper } from './clone-keeper.ts'
import { createGit, type Git } from './create-git.ts'
import { GitError } from './git-error.ts'
import { classifyGitError, publicError } from './classify-git-error.ts'
import type { GitEnvironmentRepositoryOptions } from './options.ts'
import { redirectTarget } from './redirect-target.ts'
import { readSnapshot } from './read-snapshot.ts'

/** What this process knows of the branch, and the clone by which it knows. */
export interface BranchClient {
  /** The newest known; read from the server at first. */
  latest(): Promise<Snapshot>
  /** Asks the server. */
  refresh(): Promise<Snapshot>
  /**
   * One at a time with the clone. A damaged clone or a missing branch is mended once and `work` begins again; failures
   * of git come out as `RetryLater` or `Stalled`.
   */
  withCheckout<Result>(work: (checkout: Checkout) => Promise<Result>): Promise<Result>
  /** Makes a new clone when many small packs have piled up in this one. */
  compact(): Promise<void>
  close(): Promise<void>
}

/** What `work` may use while it has the clone for itself. */
export interface Checkout {
  readonly clone: Clone
  readonly snapshot: Snapshot
  /** Fetches, and gives what the branch says now. */
  fetch(): Promise<Snapshot>
  /** Takes over what is known to stand on the branch after a push. */
  adopt(snapshot: Snapshot): void
}

interface State {
  readonly options: GitEnvironmentRepositoryOptions
  readonly keeper: CloneKeeper
  clone: Clone | undefined
  snapshot: Snapshot | undefined
  packs: number
}

export function createBranchClient(options: GitEnvironmentRepositoryOptions): BranchClient {
  const git = createGit(options)
  const keeper = createCloneKeeper(git, options)
  const state: State = { options, keeper, clone: undefined, snapshot: undefined, packs: 0 }
  const mutex = atMost(1)
  const use: BranchClient['withCheckout'] = (work) =>
    mutex(() => inPublicWords(options, () => withMending(state, work)))

  return {
    latest: async () => state.snapshot ?? (await use((checkout) => Promise.resolve(checkout.snapshot))),
    async refresh() {
      if (state.snapshot === undefined) return await use((checkout) => checkout.fetch())
      // Outside the mutex: a push under way does not keep a reader waiting.
      const answer = await inPublicWords(options, () => askServer(git, options))
      return answer === state.snapshot.commit ? state.snapshot : await use((checkout) => checkout.fetch())
    },
    withCheckout: use,
    async compact() {
      // Each push leaves a pack, and every git process opens them all.
      if (state.packs < (options.packLimit ?? 200)) return
      await use(async () => {
        state.clone = undefined
        await keeper.discard()
        await openCheckout(state)
      })
    },
    async close() {
      await mutex(() => Promise.resolve())
      await keeper.release()
    },
  }
}

/** The tip as the server tells it; empty when there is no such branch. */
async function askServer(git: Git, { url, branch }: GitEnvironmentRepositoryOptions): Promise<string> {
  const args = ['ls-remote', '--quiet', '--refs', '--', url, `refs/heads/${branch}`]
  return (await git.remote(null, args)).stdout.toString().split('\t')[0] ?? ''
}

async function withMending<Result>(
  state: State,
  work: (checkout: Checkout) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(await openCheckout(state))
  } catch (error) {
    if (!(await state.keeper.repair(error))) throw error
    state.clone = undefined
    return await work(await openCheckout(state))
  }
}

async function openCheckout(state: State): Promise<Checkout> {
  const { clone, snapshot } = await ready(state)
  return {
    clone,
    snapshot,
    async fetch() {
      state.packs++
      state.snapshot = await sync(state, clone, await clone.fetch())
      return state.snapshot
    },
    adopt(next) {
      state.packs++
      state.snapshot = next
    },
  }
}

async function ready(state: State): Promise<{ readonly clone: Clone; readonly snapshot: Snapshot }> {
  const { clone, snapshot } = state
  if (clone !== undefined && snapshot !== undefined) return { clone, snapshot }
  const opened = await state.keeper.open()
  const commit = await (opened.isReused ? opened.clone.fetch() : opened.clone.tip())
  state.snapshot = await sync(state, opened.clone, commit)
  state.clone = opened.clone
  state.packs = 0
  return { clone: opened.clone, snapshot: state.snapshot }
}

async function sync({ options, snapshot }: State, clone: Clone, commit: CommitSha): Promise<Snapshot> {
  if (snapshot?.commit === commit) return snapshot
  return await readSnapshot({ ...options, clone }, commit, snapshot)
}

/** Nothing but `RetryLater` and `Stalled` for what git or the disk did. */
async function inPublicWords<Result>(
  options: GitEnvironmentRepositoryOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  const { branch, url, cacheDirectory } = options
  try {
    return await work()
  } catch (error) {
    if (error instanceof GitError) {
      const kind = classifyGitError(error.failure)
      const movedTo = kind === 'elsewhere' ? await askWhereTo(options) : null
      throw publicError(kind, error.failure, `branch ${branch} of ${url}`, movedTo)
    }
    if (error instanceof RetryLater || error instanceof Stalled || !isDiskError(error)) throw error
    throw new RetryLater(`the cache in ${cacheDirectory} cannot be used: see whether the disk is full`, {
      brief: 'the environment repository cannot be read now',
      cause: error,
    })
  }
}

async function askWhereTo({
  fetch,
  url,
  credentials,
}: GitEnvironmentRepositoryOptions): Promise<string | null> {
  return redirectTarget(fetch, url, await credentials(null).catch(() => null))
}

function isDiskError(error: unknown): boolean {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string'
}
