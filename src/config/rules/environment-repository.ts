import type { PartialConfig } from '../draft.ts'
import type { ConfigProblem } from '../finding.ts'
import { parseGitUrl } from '../git-url.ts'
import { pathFault } from '../path.ts'
import type { ConfigRule } from '../rule.ts'
import type { SourceView } from '../source-view.ts'

export const environmentRepositoryRules: readonly ConfigRule[] = [
  urlIsGit,
  branchIsARef,
  directoriesAreSafe,
  directoriesAreApart,
]

const room = 'environmentRepository'

function urlIsGit({ environmentRepository }: PartialConfig, view: SourceView): readonly ConfigProblem[] {
  const url = environmentRepository?.url
  if (url === undefined) return []
  const path = [room, 'url']
  const parsed = parseGitUrl(url)
  if (parsed?.hasCredentials === true)
    return [{ path, message: 'the URL holds credentials', hint: `take them out and use \`${room}.token\`` }]
  if (parsed !== undefined) return []
  const hint = url.startsWith('/')
    ? 'for a repository of this machine write `file:///…`'
    : 'write an https, http, ssh or file URL, or `git@host:path`'
  return [{ path, message: `${view.shown(path)} is no URL of a Git repository`, hint }]
}

function branchIsARef({ environmentRepository }: PartialConfig, view: SourceView): readonly ConfigProblem[] {
  const branch = environmentRepository?.branch
  const fault = branch === undefined ? undefined : branchFault(branch)
  if (fault === undefined) return []
  const path = [room, 'branch']
  return [
    {
      path,
      message: `${view.shown(path)} is no name of a branch: ${fault}`,
      hint: 'for example `dynamic-envs`',
    },
  ]
}

function directoriesAreSafe(
  { environmentRepository }: PartialConfig,
  view: SourceView,
): readonly ConfigProblem[] {
  return (['directory', 'templates'] as const).flatMap((key) => {
    const directory = environmentRepository?.[key]
    const fault = directory === undefined ? undefined : pathFault(directory.replace(/\/+$/, ''))
    if (fault === undefined) return []
    const path = [room, key]
    const hint = 'write a directory of the branch, for example `apps` or `clusters/dev/apps`'
    return [{ path, message: `${view.shown(path)} cannot be used: ${fault}`, hint }]
  })
}

/** A caution: Flux applies all directories below its path as one. */
export function directoriesIsolate({
  environmentRepository,
  agent,
}: PartialConfig): readonly ConfigProblem[] {
  if (environmentRepository?.layout !== 'directories' || agent?.kind !== 'flux') return []
  const message = 'isolates nothing with Flux, whose Kustomization applies all directories as one'
  return [{ path: [room, 'layout'], message, hint: 'write `files`, or leave it out' }]
}

/** The agent applies whatever stands in the directory, and templates are no manifests. */
function directoriesAreApart({ environmentRepository }: PartialConfig): readonly ConfigProblem[] {
  const directory = `${environmentRepository?.directory ?? 'apps'}/`.replace(/\/+$/, '/')
  const templates = `${environmentRepository?.templates ?? 'templates'}/`.replace(/\/+$/, '/')
  if (!directory.startsWith(templates) && !templates.startsWith(directory)) return []
  const message = '`directory` and `templates` stand in one another'
  return [
    {
      path: [room, 'templates'],
      message,
      hint: 'the agent applies all of `directory`: keep the templates beside it',
    },
  ]
}

/** Why `branch` is no name of a branch, in words; undefined when it is one. The rules of git-check-ref-format(1). */
function branchFault(branch: string): string | undefined {
  if (branch.startsWith('refs/')) return 'it begins with `refs/`'
  if (branch === 'HEAD' || branch === '@') return 'git keeps that name for itself'
  if (branch.startsWith('-')) return 'it begins with a dash'
  if (/[\s\p{Cc}~^:?*[\\]/u.test(branch)) return 'white space and `~ ^ : ? * [ \\` may not stand in it'
  if (branch.includes('..') || branch.includes('@{')) return 'it holds `..` or `@{`'
  if (branch.endsWith('.')) return 'it ends in a dot'
  const segments = branch.split('/')
  if (segments.includes('')) return 'it holds an empty part'
  if (segments.some((segment) => segment.startsWith('.') || segment.endsWith('.lock')))
    return 'a part begins with a dot or ends in `.lock`'
  return undefined
}
