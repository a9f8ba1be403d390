import { RetryLater } from '../../preview/errors.ts'
import { createTokenBucket } from '../../pace/token-bucket.ts'
import type { EnvironmentRepository, View } from '../port.ts'
import { type Snapshot, viewOf } from '../snapshot.ts'
import { checkOptions } from './check-options.ts'
import { createGroupCommit } from './group-commit.ts'
import type { GitEnvironmentRepositoryOptions } from './options.ts'
import { singleFlight } from './single-flight.ts'
import { createBranchClient } from './branch-client.ts'

/**
 * The environment repository as a branch of a real Git repository. Nothing is asked of the server before the first use.
 * @throws RangeError when an option cannot be right, for example a password in the URL.
 */
export function createGitEnvironmentRepository(
  options: GitEnvironmentRepositoryOptions,
): EnvironmentRepository {
  checkOptions(options)
  const { clock, pushes } = options
  const tip = createBranchClient(options)
  const bucket = createTokenBucket({ ...pushes, clock })
  const writer = createGroupCommit({ options, client: tip, bucket, held: new Map() })
  const snapshots = new WeakMap<View, Snapshot>()
  const views = new WeakMap<Snapshot, View>()
  const ask = singleFlight(() => tip.refresh())
  let isClosed = false

  return {
    async view() {
      return toView(await whileOpen(() => tip.latest()))
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
    async close() {
      isClosed = true
      await writer.close()
      await tip.close()
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
