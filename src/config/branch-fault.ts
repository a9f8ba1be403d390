/** Why `branch` is no name of a branch, in words; undefined when it is one. The rules of git-check-ref-format(1). */
export function branchFault(branch: string): string | undefined {
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
