import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface ClaimedDirectory {
  readonly path: string
  release(): Promise<void>
}

const claimedHere = new Set<string>()

/**
 * A directory for the clone of `identity` that no other living process of this machine uses; the one an earlier process
 * left when it is free, else one of our own that goes with us.
 */
export async function claimDirectory(cache: string, identity: string): Promise<ClaimedDirectory> {
  await mkdir(cache, { recursive: true })
  const shared = join(cache, createHash('sha256').update(identity).digest('hex').slice(0, 16))
  const claimed = (await claimShared(shared)) ?? (await claimOwn(`${shared}-${randomUUID()}`))
  await removeLeft(cache, shared)
  return claimed
}

/** What processes that were killed left behind, and what nobody has asked for since. */
async function removeLeft(cache: string, wanted: string): Promise<void> {
  const paths = new Set((await readdir(cache)).map((name) => join(cache, name.replace(/\.owner$/, ''))))
  for (const path of paths) {
    if (path === wanted || !isClone.test(path) || claimedHere.has(path) || (await isHeld(path))) continue
    await rm(path, { recursive: true, force: true }).catch(() => undefined)
    await rm(`${path}.owner`, { force: true })
  }
}

/** Nothing else is touched, whatever the folder is. */
const isClone = /[/\\][0-9a-f]{16}(?:-[0-9a-f-]{36})?$/

function claimOwn(path: string): Promise<ClaimedDirectory> {
  claimedHere.add(path)
  return claim(path, true)
}

/** Undefined: it is not to be had. Why not, one of our own tells too. */
async function claimShared(path: string): Promise<ClaimedDirectory | undefined> {
  if (claimedHere.has(path)) return undefined
  // Before anything is waited for: of two that ask at once, only one may find it free.
  claimedHere.add(path)
  const claimed = (await isHeld(path)) ? undefined : await claim(path, false).catch(() => undefined)
  if (claimed === undefined) claimedHere.delete(path)
  return claimed
}

async function claim(path: string, isOwn: boolean): Promise<ClaimedDirectory> {
  await writeFile(`${path}.owner`, String(process.pid))
  return {
    path,
    async release() {
      await rm(`${path}.owner`, { force: true })
      if (isOwn) await rm(path, { recursive: true, force: true })
      claimedHere.delete(path)
    },
  }
}

async function isHeld(path: string): Promise<boolean> {
  const pid = Number(await readFile(`${path}.owner`, 'utf8').catch(() => ''))
  // Our own number in the file is that of an earlier process: in a container it is always the same.
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
