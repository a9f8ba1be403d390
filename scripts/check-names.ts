import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportedNames, nameProblems } from './exported-names.ts'

/** Fewer than this, and the checker looked at the wrong place. */
const fewestNames = 800

const root = join(import.meta.dirname, '..')

/** One word, one thing: no exported name of `src/` is declared twice. */
function main(): void {
  const exported = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `src/${path}`)
    .flatMap((path) => exportedNames(path, readFileSync(join(root, path), 'utf8')))
  const problems = [...nameProblems(exported)]
  if (exported.length < fewestNames)
    problems.push(`Only ${exported.length} names were looked at: is the source still in src/?`)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
  else console.log(`${exported.length} exported names mean one thing each.`)
}

main()
