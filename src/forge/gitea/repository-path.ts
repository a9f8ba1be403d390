import { Stalled } from '../../preview/errors.ts'

/** @throws Stalled when it is not written as owner/name. */
export function repositoryPath(repository: string): readonly string[] {
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(repository) ?? []
  if (owner === undefined || name === undefined || /^\.+$/.test(owner) || /^\.+$/.test(name))
    throw new Stalled(
      `${JSON.stringify(repository.slice(0, 200))} is no repository of a Gitea: write it as owner/name.`,
    )
  return ['repos', owner, name]
}
