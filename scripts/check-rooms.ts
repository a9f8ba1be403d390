import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { portProblems } from './port-problems.ts'

/** Fewer than this, and the checker looked at the wrong place. */
const fewestFiles = 30
const mostLines = 250
const catchAlls = /^(utils?|services?|types?|helpers?|common|shared|misc)$/

const root = join(import.meta.dirname, '..')

/** The house rules that a linter does not see: names of folders and files, their size, the shape of ports. */
function main(): void {
  const files = ['src', 'test', 'scripts', 'bench'].flatMap(filesBelow)
  const problems = files.flatMap(problemsOf)
  if (files.length <= fewestFiles)
    problems.push(`Only ${files.length} files were looked at: is the source still in src/?`)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
  else console.log(`${files.length} files keep the house rules.`)
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `${folder}/${path}`)
    .sort()
}

function problemsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  return [
    ...nameProblems(path),
    ...sizeProblems(path, text),
    ...(path.endsWith('/port.ts') ? portProblems(path, text) : []),
  ]
}

function nameProblems(path: string): string[] {
  const problems: string[] = []
  const parts = path.split('/')
  const file = parts.at(-1) ?? ''
  const catchAll = parts.slice(0, -1).find((folder) => catchAlls.test(folder))
  if (catchAll !== undefined)
    problems.push(
      `${path}: a folder is a station of the path; give \`${catchAll}\` the name of what it does.`,
    )
  if (file === 'index.ts') problems.push(`${path}: no barrel files; import from the file that defines it.`)
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config))?\.ts$/.test(file))
    problems.push(`${path}: name the file after its main export, in kebab-case.`)
  return problems
}

function sizeProblems(path: string, text: string): string[] {
  const lines = text.split('\n').length - 1
  if (!path.startsWith('src/') || lines <= mostLines) return []
  return [`${path}: ${lines} lines; split it by ideas, ${mostLines} is the end.`]
}

main()
