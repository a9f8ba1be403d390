import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { runProgram } from './run-program.ts'

const goMissing =
  'The end-to-end tests build real servers from their Go modules, and `go` is not on the PATH. Install Go 1.26 or newer, then run `npm run test:e2e` again.'

/** A folder below `test/e2e/parts` with a go.mod whose `tool` lines name the programs. */
export interface GoModule {
  readonly folder: string
  /** What comes of it, for a person who waits. */
  readonly about: string
  /** Roughly, on two cores without any cache. */
  readonly minutes: number
  /** The binaries' names. */
  readonly programs: readonly string[]
  /** Of `go build`. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Names that `go build` gives its binaries and that say nothing, with better ones. */
  readonly renamed: Readonly<Record<string, string>>
}

/**
 * Builds a module's programs once and keeps them outside the checkout, under the hash of its go.mod and go.sum.
 * Gives their folder.
 * @throws Error with the way out when `go` is missing or the build fails.
 */
export async function buildGoModule(module: GoModule): Promise<string> {
  const folder = join(cacheFolder(), await moduleHash(module))
  const missing = module.programs.filter((program) => !existsSync(join(folder, program)))
  if (missing.length > 0) await build(module, folder)
  return folder
}

/** The sources of one of the module's dependencies; downloads them again where only the binaries were kept. */
export async function goModuleSources(module: GoModule, dependency: string): Promise<string> {
  const answer = await go(module, ['mod', 'download', '-json', dependency])
  return z.object({ Dir: z.string() }).parse(JSON.parse(answer)).Dir
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'mayfly')
}

async function moduleHash(module: GoModule): Promise<string> {
  const hash = createHash('sha256')
  for (const file of ['go.mod', 'go.sum']) hash.update(await readFile(join(sources(module), file)))
  return hash.digest('hex').slice(0, 16)
}

function sources(module: GoModule): string {
  return join(import.meta.dirname, '../parts', module.folder)
}

/** Nobody debugs these binaries: a sixth less to do. */
const quicker = ['-gcflags', 'all=-dwarf=false']

/** Beside it first: a build that was cut off, or a second one at the same time, must not leave half a binary. */
async function build(module: GoModule, folder: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}`
  await mkdir(folder, { recursive: true })
  await mkdir(unfinished, { recursive: true })
  const began = Date.now()
  console.log(
    `Building ${module.about} for the end-to-end tests (about ${module.minutes} minutes on two cores, then kept)...`,
  )
  try {
    const args = ['build', '-trimpath', ...quicker, ...module.args, '-o', `${unfinished}/`, 'tool']
    await go(module, args)
    for (const built of await readdir(unfinished))
      await rename(join(unfinished, built), join(folder, module.renamed[built] ?? built))
  } finally {
    await rm(unfinished, { recursive: true })
  }
  console.log(`Built ${module.about} in ${Math.round((Date.now() - began) / 1000)} s: ${folder}`)
}

async function go(module: GoModule, args: readonly string[]): Promise<string> {
  const env = { GOGC: '400', ...module.env }
  return await runProgram('go', args, { cwd: sources(module), env, whenMissing: goMissing })
}
