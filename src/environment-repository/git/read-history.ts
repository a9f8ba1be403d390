import type { Log } from '../../log.ts'
import type { CommitSha } from '../../preview/brand.ts'
import { emptyHistory, extendHistory, type BranchHistory } from '../history.ts'
import type { TreeIndex } from '../tree-index.ts'
import type { Clone } from './clone.ts'
import { GitError } from './git-error.ts'

/** How far back the first look at the history goes. */
export const firstDepth = 1000
const greatestDepth = 100_000

/** Goes back as far as the manifests on the branch need it, within bounds. */
export async function readHistory(
  clone: Clone,
  tip: CommitSha,
  tree: TreeIndex,
  log: Log,
): Promise<BranchHistory> {
  let commits = await clone.log(tip)
  let history = extendHistory(emptyHistory, commits)
  try {
    for (let depth = firstDepth; depth <= greatestDepth; depth *= 10) {
      if (commits.length >= depth) continue
      if (!(await clone.isShallow()) || (depth > firstDepth && hasAllTrails(tree, history))) break
      await clone.deepen(tip, depth)
      commits = await clone.log(tip)
      history = extendHistory(emptyHistory, commits)
    }
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    log.warn({ error }, 'The history of the environment branch could not be read further back')
  }
  return history
}

function hasAllTrails(tree: TreeIndex, history: BranchHistory): boolean {
  for (const [manifest] of tree.previews.values())
    if (manifest !== undefined && history.previews.get(manifest.preview) === undefined) return false
  return true
}
