/** Where the manifest of a preview stands: `<directory>/<name>.yml`, or `<directory>/<name>/preview.yml`. */
export type Layout = 'files' | 'directories'

const namePart = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?'
const file = new RegExp(`^(${namePart})\\.ya?ml$`)
const folder = new RegExp(`^(${namePart})/preview\\.yml$`)

/**
 * The inert object that keeps the directory from ever being empty; never a preview's. It stands beside the previews in both
 * layouts: a generator that makes an Application of each directory does not see it, and a root that reads the files does.
 */
export function inertPath(directory: string): string {
  return `${directory}/mayfly.yml`
}

/** Where the manifest of the preview called `name` is written. */
export function manifestPath(
  { directory, layout }: { readonly directory: string; readonly layout: Layout },
  name: string,
): string {
  switch (layout) {
    case 'files':
      return `${directory}/${name}.yml`
    case 'directories':
      return `${directory}/${name}/preview.yml`
  }
}

/** A place where a manifest may stand. */
export interface ManifestPlace {
  /** The name of the preview. */
  readonly name: string
  readonly layout: Layout
}

/** Undefined where none may stand. Those of the other layout are ours too: after a switch they are moved, or removed. */
export function manifestPlace(directory: string, path: string): ManifestPlace | undefined {
  if (!path.startsWith(`${directory}/`) || path === inertPath(directory)) return undefined
  const below = path.slice(directory.length + 1)
  const layout = below.includes('/') ? 'directories' : 'files'
  const [, name] = (layout === 'files' ? file : folder).exec(below) ?? []
  // 255 bytes are what file systems take for one name: the agent checks the branch out.
  if (name === undefined || Math.max(...below.split('/').map(({ length }) => length)) > 255) return undefined
  return { name, layout }
}
