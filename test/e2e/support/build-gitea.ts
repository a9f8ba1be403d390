import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { runProgram } from './run-program.ts'

const module = join(import.meta.dirname, '../parts/gitea')
const program = 'code.gitea.io/gitea'
const goMissing =
  'The end-to-end tests build a real Gitea from its Go module, and `go` is not on the PATH. Install Go 1.26 or newer, then run `npm run test:e2e` again.'

export interface GiteaBuild {
  readonly binary: string
  /** The module's folder: Gitea reads its templates and options from there. */
  readonly staticRoot: string
}

/**
 * Builds Gitea once (minutes on two cores) and keeps it outside the checkout, under the hash of its go.mod and go.sum.
 * @throws Error with the way out when `go` is missing or the build fails.
 */
export async function buildGitea(): Promise<GiteaBuild> {
  const folder = join(cacheFolder(), await moduleHash())
  const binary = join(folder, 'gitea')
  if (!existsSync(binary)) await build(folder, binary)
  return { binary, staticRoot: await moduleFolder() }
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'mayfly')
}

async function moduleHash(): Promise<string> {
  const hash = createHash('sha256')
  for (const file of ['go.mod', 'go.sum']) hash.update(await readFile(join(module, file)))
  return hash.digest('hex').slice(0, 16)
}

/** Into a name of its own first: a build that was cut off, or a second one beside it, must not leave half a binary. */
async function build(folder: string, binary: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const unfinished = `${binary}.${process.pid}`
  const began = Date.now()
  console.log('Building Gitea for the end-to-end tests (about 3 minutes on two cores, then kept)...')
  await go([
    'build',
    '-trimpath',
    '-tags',
    'sqlite sqlite_unlock_notify',
    '-ldflags',
    '-X main.Version=1.26.0',
    '-o',
    unfinished,
    program,
  ])
  await rename(unfinished, binary)
  console.log(`Built Gitea in ${Math.round((Date.now() - began) / 1000)} s: ${binary}`)
}

/** Downloads the module again where only the binary was kept. */
async function moduleFolder(): Promise<string> {
  const answer = await go(['mod', 'download', '-json', program])
  return z.object({ Dir: z.string() }).parse(JSON.parse(answer)).Dir
}

async function go(args: readonly string[]): Promise<string> {
  return await runProgram('go', args, { cwd: module, env: { CGO_ENABLED: '1' }, whenMissing: goMissing })
}
