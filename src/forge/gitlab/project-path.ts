import { Stalled } from '../../preview/errors.ts'

/** A project is one segment of the path, however deep its group lies: https://docs.gitlab.com/api/rest/#namespaced-paths */
export function projectPath(repository: string): readonly string[] {
  const isNumber = /^[1-9]\d{0,18}$/.test(repository)
  const isPath = /^[\w.-]+(?:\/[\w.-]+)+$/.test(repository) && !/(?:^|\/)\.+(?:\/|$)/.test(repository)
  if (isNumber || isPath) return ['projects', repository]
  throw new Stalled(
    `${JSON.stringify(repository.slice(0, 200))} is no project of a GitLab: write it as group/project, with every subgroup, or as its number.`,
  )
}
