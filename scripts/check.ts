import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

interface Check {
  readonly name: string
  readonly command: readonly [string, ...string[]]
  /** What to do when it fails. */
  readonly otherwise: string
}

const root = join(import.meta.dirname, '..')
const node = process.execPath

const checks: readonly Check[] = [
  {
    name: 'types',
    command: [bin('tsc'), '--noEmit'],
    otherwise: 'Follow the compiler to the line; give the value its type instead of casting it.',
  },
  {
    name: 'lint',
    command: [bin('eslint'), '.', '--max-warnings', '0'],
    otherwise: 'Each message says what to write instead; `npx eslint . --fix` mends some by itself.',
  },
  { name: 'format', command: [bin('biome'), 'format'], otherwise: 'Run `npm run format`.' },
  {
    name: 'borders',
    command: [node, 'scripts/check-borders.ts'],
    otherwise:
      'Move the import as the border asks; the borders and their reasons are in .dependency-cruiser.js.',
  },
  {
    name: 'rooms',
    command: [node, 'scripts/check-rooms.ts'],
    otherwise: 'Rename, split or move the file as the line says; CONTRIBUTING.md tells the rules.',
  },
  {
    name: 'names',
    command: [node, 'scripts/check-names.ts'],
    otherwise: 'Rename one of the two; CONTRIBUTING.md has the words that are taken.',
  },
  {
    name: 'schema',
    command: [node, 'scripts/generate-schema.ts', '--check'],
    otherwise: 'Run `npm run generate` and commit mayfly.schema.json.',
  },
  {
    name: 'chart-schema',
    command: [node, 'scripts/generate-chart-schema.ts', '--check'],
    otherwise: 'Run `npm run generate` and commit charts/mayfly/values.schema.json.',
  },
  {
    name: 'reference',
    command: [node, 'scripts/generate-configuration-docs.ts', '--check'],
    otherwise: 'Run `npm run generate` and commit docs/configuration.md.',
  },
  {
    name: 'dead-code',
    command: [bin('knip')],
    otherwise: 'Delete what nothing uses, drop its `export`, or use it.',
  },
]

function bin(name: string): string {
  return join('node_modules', '.bin', name)
}

/** Every chosen check runs, also after one has failed: all news at once. */
function main(names: readonly string[]): void {
  const unknown = names.find((name) => !checks.some((check) => check.name === name))
  if (unknown !== undefined) {
    console.error(
      `There is no check \`${unknown}\`. There are: ${checks.map((check) => check.name).join(', ')}.`,
    )
    process.exitCode = 2
    return
  }
  const chosen = checks.filter((check) => names.length === 0 || names.includes(check.name))
  const failed = chosen.filter((check) => !passes(check))
  if (failed.length > 0) process.exitCode = 1
  console.log(`checks: ${chosen.length - failed.length} of ${chosen.length} ok`)
}

function passes(check: Check): boolean {
  const began = Date.now()
  const [program, ...args] = check.command
  const run = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  })
  const seconds = ((Date.now() - began) / 1000).toFixed(1)
  if (run.status === 0) {
    console.log(`${check.name}: ok (${seconds} s)`)
    return true
  }
  console.log(`${check.name}: failed (${seconds} s)`)
  console.log(indented(run.error?.message ?? `${run.stdout}${run.stderr}`))
  console.log(`  ${check.name}: ${check.otherwise}`)
  return false
}

function indented(output: string): string {
  return output.trim().replaceAll(/^/gm, '    ')
}

main(process.argv.slice(2))
