import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

export async function readRootFile(path: string): Promise<string> {
  return readFile(join(root, path), 'utf8')
}

/** Writes a generated file; with `--check` it only tells whether the file is fresh, and `command` refreshes it. */
export async function keepFresh(path: string, text: string, command: string): Promise<void> {
  const before = await readRootFile(path).catch(() => undefined)
  if (before === text) {
    console.log(`${path} is fresh.`)
  } else if (process.argv.includes('--check')) {
    console.error(`${path} is not what the source says today: run \`${command}\` and commit the file.`)
    process.exitCode = 1
  } else {
    await writeFile(join(root, path), text)
    console.log(`${path} is written anew.`)
  }
}
