import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { SerializedError } from 'vitest'
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node'

interface Tally {
  readonly passed: number
  /** A line for each. */
  readonly failures: readonly string[]
  readonly skipped: readonly TestCase[]
}

/**
 * Prints each skipped test with its reason, each failed one with the first line of its error and, alone on the last
 * line, `N passed, N failed, N skipped`. With MAYFLY_NO_SKIPS=1 a skipped test, or a run without tests, fails the run.
 */
export function countingReporter(): Reporter {
  let filtered = false
  return {
    onInit: (vitest) => {
      filtered = vitest.config.testNamePattern !== undefined
    },
    onTestRunEnd: (modules, unhandledErrors) => {
      const tally = count(modules, unhandledErrors)
      if (!filtered)
        for (const test of tally.skipped) console.log(`skipped: ${test.fullName}: ${reason(test)}`)
      if (process.env['MAYFLY_NO_SKIPS'] === '1') demandAll(tally)
      for (const failure of tally.failures) console.log(`failed: ${failure}`)
      console.log(`${tally.passed} passed, ${tally.failures.length} failed, ${tally.skipped.length} skipped`)
    },
  }
}

/** A file that could not be loaded and an error outside of any test count as one failure each. */
function count(modules: readonly TestModule[], unhandled: readonly SerializedError[]): Tally {
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const inState = (state: string) => tests.filter((test) => test.result().state === state)
  const suites = modules.flatMap((module) => [module, ...module.children.allSuites()])
  return {
    passed: inState('passed').length,
    failures: [
      ...[...inState('failed'), ...inState('pending')].map((test) =>
        line(nameOf(test), test.result().errors),
      ),
      ...suites.flatMap((suite) => suite.errors().map((error) => line(nameOf(suite), [error]))),
      ...unhandled.map((error) => line('outside of any test', [error])),
    ],
    skipped: inState('skipped'),
  }
}

function nameOf(entity: TestCase | TestSuite | TestModule): string {
  return entity.type === 'module' ? entity.moduleId : `${entity.module.moduleId}: ${entity.fullName}`
}

function line(name: string, errors: readonly SerializedError[] = []): string {
  const [first = ''] = stripVTControlCharacters(errors[0]?.message ?? 'it never ended').split('\n')
  return `${relative(process.cwd(), name)}: ${first}`
}

function reason(test: TestCase): string {
  const result = test.result()
  const note = result.state === 'skipped' ? result.note : undefined
  return note ?? "no reason given (say it with `context.skip('why, and what to install')`)"
}

function demandAll(tally: Tally): void {
  if (tally.passed + tally.failures.length === 0) fail('No test ran.')
  if (tally.skipped.length > 0) fail('Tests were skipped: see the reasons above for what to install.')
}

function fail(why: string): void {
  console.error(`${why} With MAYFLY_NO_SKIPS=1 that fails the run.`)
  process.exitCode = 1
}
