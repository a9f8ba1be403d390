import { lstatSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Where clones are kept between processes: one folder of this user in the temporary folder, so that what a killed process left behind is
 * found, and used again or removed. A name that others know is only trusted when it is ours alone: elsewhere they could put hooks of their
 * own into it.
 */
export function cacheDirectory(): string {
  const user = process.getuid?.()
  if (user === undefined) return mkdtempSync(join(tmpdir(), 'mayfly-'))
  const shared = join(tmpdir(), `mayfly-of-${user}`)
  mkdirSync(shared, { mode: 0o700, recursive: true })
  const found = lstatSync(shared)
  const isOurs = found.isDirectory() && found.uid === user && (found.mode & 0o077) === 0
  return isOurs ? shared : mkdtempSync(join(tmpdir(), 'mayfly-'))
}
