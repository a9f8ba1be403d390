import { RetryLater } from '../../preview/errors.ts'
import { singleFlight } from '../../pace/single-flight.ts'
import { createTokenBucket } from '../../pace/token-bucket.ts'
import { createBreakerMemory } from '../breaker-memory.ts'
import type { EnvironmentRepository, PausableBranch, View } from '../port.ts'
import { type Snapshot, viewOf } from '../snapshot.ts'
import { createGroupCommit } from './group-commit.ts'
import type { GitEnvironmentRepositoryOptions } from './options.ts'
import { createBranchClient } from './branch-client.ts'
import { findEarlier } from './find-earlier.ts'
import { writePause } from './write-pause.ts'

/**
 * The environment repository as a branch of a real Git repository. Nothing is asked of the server before the first use.
 * @throws RangeError when an option cannot be right, for example a password in the URL.
 */
export function createGitEnvironmentRepository(
  options: GitEnvironmentRepositoryOptions,
): EnvironmentRepository & PausableBranch {
  checkOptions(options)
  const { clock, pushes } = options
  const client = createBranchClient(options)
  const bucket = createTokenBucket({ ...pushes, clock })
  const context = { options, client, bucket, breaker: createBreakerMemory(clock) }
  const writer = createGroupCommit(context)
  const snapshots = new WeakMap<View, Snapshot>()
  const views = new WeakMap<Snapshot, View>()
  const ask = singleFlight(() => client.refresh())
  let isClosed = false

  return {
    async view() {
      return toView(await whileOpen(() => client.latest()))
    },
    async refresh() {
      return toView(await whileOpen(ask))
    },
    change: (change) => whileOpen(() => writer.add(change)),
    template(view, file) {
      const snapshot = snapshots.get(view)
      if (snapshot === undefined) return Promise.reject(new RangeError('a view of another repository'))
      return Promise.resolve(snapshot.templates.get(file))
    },
    earlier: (preview, sha) => whileOpen(() => findEarlier(client, preview, sha)),
    setPause: (reason) => whileOpen(() => writePause(context, reason)),
    async close() {
      isClosed = true
      await writer.close()
      await client.close()
    },
  }

  async function whileOpen<Result>(work: () => Promise<Result>): Promise<Result> {
    if (isClosed) throw new RetryLater('Mayfly is stopping')
    return await work()
  }

  function toView(snapshot: Snapshot): View {
    const view = views.get(snapshot) ?? viewOf(snapshot)
    views.set(snapshot, view)
    snapshots.set(view, snapshot)
    return view
  }
}

/** @throws RangeError naming the option that cannot be right. Addresses are not repeated: they may hold a secret. */
function checkOptions({ url, branch, directory, templates }: GitEnvironmentRepositoryOptions): void {
  if (!/^(https?|ssh|file):\/\/|^[\w.-]+@[\w.-]+:/.test(url))
    throw new RangeError('environmentRepository.url: only https, http, ssh and file addresses are taken')
  if (/^\w+:\/\/[^/@]*:[^/@]*@/.test(url) || /^https?:\/\/[^/]*@/.test(url))
    throw new RangeError(
      'environmentRepository.url holds credentials: write them as environmentRepository.token',
    )
  if (!isBranch(branch)) throw new RangeError('environmentRepository.branch is not a name that Git takes')
  for (const [name, path] of Object.entries({ directory, templates }))
    if (!/^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/.test(path))
      throw new RangeError(`environmentRepository.${name} is not a plain relative folder`)
}

/** The rules of `git check-ref-format --branch`, a little stricter. */
function isBranch(name: string): boolean {
  return (
    /^[^\s~^:?*[\\\p{Cc}]+$/u.test(name) &&
    !name.startsWith('-') &&
    !/(^|\/)\.|\.\.|@\{|\/\/|^\/|[/.]$|\.lock(\/|$)/.test(name)
  )
}
