import { access, constants, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Stalled } from '../../preview/errors.ts'
import { guardMessage } from './classify-git-error.ts'

/**
 * Lets a push through only onto the tip it was built on. The server alone would also take it onto an older tip or none
 * at all, and so bring back commits that somebody took away.
 */
const script = `#!/bin/sh
read -r _ _ _ old
[ -z "$old" ] && exit 0
[ "$old" = "$MAYFLY_EXPECTED" ] && exit 0
echo '${guardMessage}' >&2
exit 1
`

export function guardDirectory(clone: string): string {
  return join(clone, 'mayfly-hooks')
}

/** @throws Stalled where the clone's disk does not let programs run: git would then leave the guard out silently. */
export async function installPushGuard(clone: string): Promise<void> {
  const hook = join(guardDirectory(clone), 'pre-push')
  await mkdir(guardDirectory(clone), { recursive: true })
  await writeFile(hook, script, { mode: 0o755 })
  try {
    await access(hook, constants.X_OK)
  } catch (cause) {
    throw new Stalled(`${clone} is on a disk that runs no programs (noexec): put the cache elsewhere`, {
      cause,
    })
  }
}
