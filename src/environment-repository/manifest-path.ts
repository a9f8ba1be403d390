const fileName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?\.ya?ml$/

/** The inert object that keeps the directory from ever being empty; never a preview's. */
export function inertPath(directory: string): string {
  return `${directory}/mayfly.yml`
}

/** The name of the preview whose manifest may stand at `path`; undefined where none may: only files directly in `directory`. */
export function manifestName(directory: string, path: string): string | undefined {
  if (!path.startsWith(`${directory}/`) || path === inertPath(directory)) return undefined
  const file = path.slice(directory.length + 1)
  // 255 bytes are what file systems take for one name: the agent checks the branch out.
  if (!fileName.test(file) || file.length > 255) return undefined
  return file.slice(0, file.lastIndexOf('.'))
}
