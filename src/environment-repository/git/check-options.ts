import type { GitEnvironmentRepositoryOptions } from './options.ts'

/** @throws RangeError naming the option that cannot be right. Addresses are not repeated: they may hold a secret. */
export function checkOptions({ url, branch, directory, templates }: GitEnvironmentRepositoryOptions): void {
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
