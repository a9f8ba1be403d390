import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'

/** Fewer than this, and the checker looked at the wrong place. */
const fewestModules = 30

const report = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(
      z.object({
        from: z.string(),
        to: z.string(),
        rule: z.object({ name: z.string() }),
        cycle: z.array(z.object({ name: z.string() })).optional(),
      }),
    ),
    ruleSetUsed: z.object({ forbidden: z.array(z.object({ name: z.string(), comment: z.string() })) }),
  }),
})
type Summary = z.infer<typeof report>['summary']
type Violation = Summary['violations'][number]

function main(): void {
  const summary = cruise()
  for (const violation of summary.violations) console.error(inWords(violation, summary))
  if (summary.totalCruised <= fewestModules)
    console.error(`Only ${summary.totalCruised} modules were looked at: is the source still in src/?`)
  else if (summary.violations.length === 0) {
    console.log(`${summary.totalCruised} modules keep ${summary.ruleSetUsed.forbidden.length} borders.`)
    return
  }
  process.exitCode = 1
}

/** Its exit code tells of violations too, so only output that is no report is an error here. */
function cruise(): Summary {
  const depcruise = join('node_modules', '.bin', 'depcruise')
  const run = spawnSync(depcruise, ['src', '--config', '.dependency-cruiser.js', '--output-type', 'json'], {
    cwd: join(import.meta.dirname, '..'),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (run.error !== undefined) throw run.error
  if (!run.stdout.startsWith('{')) throw new Error(`dependency-cruiser gave no report: ${run.stderr}`)
  return report.parse(JSON.parse(run.stdout)).summary
}

function inWords(violation: Violation, summary: Summary): string {
  const rule = summary.ruleSetUsed.forbidden.find((candidate) => candidate.name === violation.rule.name)
  const path = violation.cycle?.map((step) => step.name).join(' -> ') ?? violation.to
  return `${violation.rule.name}: ${violation.from} -> ${path}\n  ${rule?.comment ?? ''}`
}

main()
