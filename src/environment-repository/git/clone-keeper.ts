import { rm } from 'node:fs/promises'
import { type ClaimedDirectory, claimDirectory } from './claim-directory.ts'
import type { Clone } from './clone.ts'
import type { Git } from './create-git.ts'
import { createMissingBranch } from './create-missing-branch.ts'
import { GitError } from './git-error.ts'
import { classifyGitError } from './classify-git-error.ts'
import type { GitEnvironmentRepositoryOptions } from './options.ts'
import { createClone, reuseClone } from './prepare-clone.ts'

/** Keeps one disposable clone in the cache: finds it, makes it, throws it away. */
export interface CloneKeeper {
  /** The clone an earlier process left, or a new one. */
  open(): Promise<{ readonly clone: Clone; readonly isReused: boolean }>
  discard(): Promise<void>
  /** Repairs what a failure of git points to; true when it is worth another try with a newly opened clone. */
  repair(error: unknown): Promise<boolean>
  release(): Promise<void>
}

export function createCloneKeeper(git: Git, options: GitEnvironmentRepositoryOptions): CloneKeeper {
  const { url, branch, log } = options
  let claimed: ClaimedDirectory | undefined

  return {
    async open() {
      const input = { git, url, branch, directory: await place() }
      const reused = await reuseClone(input)
      return { clone: reused ?? (await createClone(input)), isReused: reused !== undefined }
    },
    discard: throwAway,
    async repair(error) {
      const kind = error instanceof GitError ? classifyGitError(error.failure) : undefined
      if (kind === 'damaged')
        log.warn({ error }, 'The clone of the environment repository is damaged and is made anew')
      else if (kind === 'missing' && options.createBranch) {
        log.info({ branch }, 'The environment branch is missing and is made')
        await createMissingBranch(git, await place(), options)
      } else return false
      await throwAway()
      return true
    },
    release: async () => {
      await claimed?.release()
    },
  }

  async function throwAway(): Promise<void> {
    await rm(await place(), { recursive: true, force: true, maxRetries: 3 })
  }

  async function place(): Promise<string> {
    claimed ??= await claimDirectory(options.cacheDirectory, `${url} ${branch}`)
    return claimed.path
  }
}
