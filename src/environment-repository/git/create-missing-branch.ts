import { mkdir, rm } from 'node:fs/promises'
import { inertEdit } from '../inert-object.ts'
import type { Edit } from '../port.ts'
import { openClone } from './clone.ts'
import type { Git } from './create-git.ts'
import { fastImportStream } from './fast-import-stream.ts'
import { GitError } from './git-error.ts'
import { classifyGitError } from './classify-git-error.ts'
import type { GitEnvironmentRepositoryOptions } from './options.ts'
import { installPushGuard } from './push-guard.ts'

/** Makes the branch with a history of its own: README, inert object, seed. Somebody who is faster wins. */
export async function createMissingBranch(
  git: Git,
  directory: string,
  options: GitEnvironmentRepositoryOptions,
): Promise<void> {
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true })
  await git.local(directory, ['init', '--quiet', '--bare', '--template=', '--initial-branch=main'])
  await git.local(directory, ['config', 'remote.origin.url', options.url])
  await installPushGuard(directory)
  const clone = openClone(git, directory, options.branch)
  const { committer, clock } = options
  const commit = { author: committer, message: 'Begin\n', edits: firstFiles(options), at: clock.now() }
  const stream = fastImportStream({ ref: 'refs/mayfly/next', from: null, commits: [commit], committer })
  const [id] = await clone.importCommits(stream)
  if (id === undefined) throw new Error('git fast-import made no commit')
  try {
    await clone.push(id, null)
  } catch (error) {
    if (!(error instanceof GitError) || classifyGitError(error.failure) !== 'moved') throw error
  }
}

function firstFiles({ branch, directory, agentNamespace, seed }: GitEnvironmentRepositoryOptions): Edit[] {
  const own = [
    { path: 'README.md', content: readme(branch, directory) },
    inertEdit({ directory, agentNamespace }),
  ]
  const seeded = new Set(seed.map(({ path }) => path))
  return [...own.filter(({ path }) => !seeded.has(path)), ...seed]
}

function readme(branch: string, directory: string): string {
  return `# Preview environments

Mayfly writes one file per preview to \`${directory}/\` of this branch (\`${branch}\`); a GitOps agent makes it so.
Deleting a file is the teardown. Files without the annotation \`mayfly.dev/preview\` are never touched.
`
}
