import { lstatSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Where clones are kept between processes: one folder of this user in the temporary folder, so that what a killed process left behind is
 * found, and used again or removed. A name that others know is only trusted when it is ours alone: elsewhere they could put hooks of their
 * own into it.
 */
export function cacheDirectory(temporary = tmpdir()): string {
  const user = process.getuid?.()
  if (user === undefined) return mkdtempSync(join(temporary, 'mayfly-'))
  const shared = join(temporary, `mayfly-of-${user}`)
  return isOursAlone(shared, user) ? shared : mkdtempSync(join(temporary, 'mayfly-'))
}

/** Made where nothing is; a link, a file or somebody else's folder is none of ours. */
function isOursAlone(path: string, user: number): boolean {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch {
    // What is there already is looked at.
  }
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === user && (found.mode & 0o077) === 0
}
