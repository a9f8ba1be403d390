import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Clone, openClone } from './clone.ts'
import type { Git } from './create-git.ts'
import { installPushGuard } from './push-guard.ts'
import { firstDepth } from './read-history.ts'

export interface CloneInput {
  readonly git: Git
  readonly directory: string
  readonly url: string
  readonly branch: string
}

/** Throws away whatever is there and clones anew: the tip with its trees, no blobs, and some history (commits only). */
export async function createClone({ git, directory, url, branch }: CloneInput): Promise<Clone> {
  await rm(directory, { recursive: true, force: true })
  await mkdir(dirname(directory), { recursive: true })
  const words = ['clone', '--quiet', '--bare', '--template=', '--no-tags', '--single-branch', '--depth=1']
  await git.remote(null, [...words, '--filter=blob:none', `--branch=${branch}`, '--', url, directory])
  await installPushGuard(directory)
  const clone = openClone(git, directory, branch)
  // A server that gives no more than its tip is no reason to stop.
  if (await clone.isShallow()) await clone.deepen(await clone.tip(), firstDepth).catch(() => undefined)
  return clone
}

/** The clone that an earlier process left, or undefined when there is none for this address. Locks of the dead are lifted. */
export async function reuseClone({ git, directory, url, branch }: CloneInput): Promise<Clone | undefined> {
  if (!(await isCloneOf(directory, url))) return undefined
  await liftLocks(directory)
  await installPushGuard(directory)
  return openClone(git, directory, branch)
}

async function isCloneOf(directory: string, url: string): Promise<boolean> {
  const config = await readFile(join(directory, 'config'), 'utf8').catch(() => '')
  return config.split('\n').some((line) => line.trim() === `url = ${url}`)
}

/** Safe because the directory is claimed: whoever held these locks is gone. */
async function liftLocks(directory: string): Promise<void> {
  const names = await readdir(directory, { recursive: true })
  const locks = names.filter((name) => name.endsWith('.lock') || /(^|\/)tmp_(pack|idx|obj)_/.test(name))
  await Promise.all(locks.map((name) => rm(join(directory, name), { force: true })))
}
