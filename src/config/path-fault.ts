/** Why `path` is no safe relative path of a Git tree, in words; undefined when it is one. */
export function pathFault(path: string): string | undefined {
  if (path === '') return 'it is empty'
  if (path.startsWith('/')) return 'it begins with a slash'
  if (/[^\w./@+-]/.test(path)) return 'only letters, digits and `. _ - + @ /` may stand in it'
  const segments = path.split('/')
  if (segments.includes('')) return 'it holds an empty part'
  if (segments.some((segment) => segment === '.' || segment === '..')) return 'it holds `.` or `..`'
  if (segments.some((segment) => segment.toLowerCase() === '.git')) return 'it holds `.git`'
  return path.startsWith('-') ? 'it begins with a dash' : undefined
}
