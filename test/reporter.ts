import type { Reporter, TestCase, TestModule } from 'vitest/node'

interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly TestCase[]
}

/**
 * Prints each skipped test with its reason and, alone on the last line, `N passed, N failed, N skipped`. With
 * MAYFLY_NO_SKIPS=1 a skipped test, or a run without tests, fails the run.
 */
export function countingReporter(): Reporter {
  let filtered = false
  return {
    onInit: (vitest) => {
      filtered = vitest.config.testNamePattern !== undefined
    },
    onTestRunEnd: (modules, unhandledErrors) => {
      const tally = count(modules, unhandledErrors.length)
      if (!filtered)
        for (const test of tally.skipped) console.log(`skipped: ${test.fullName}: ${reason(test)}`)
      if (process.env['MAYFLY_NO_SKIPS'] === '1') demandAll(tally)
      console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped.length} skipped`)
    },
  }
}

/** A file that could not be loaded and an error outside of any test count as one failure each. */
function count(modules: readonly TestModule[], unhandledErrors: number): Tally {
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const inState = (state: string) => tests.filter((test) => test.result().state === state)
  const brokenSuites = modules.flatMap((module) => [module, ...module.children.allSuites()])
  const outside = brokenSuites.flatMap((suite) => suite.errors()).length + unhandledErrors
  return {
    passed: inState('passed').length,
    failed: inState('failed').length + inState('pending').length + outside,
    skipped: inState('skipped'),
  }
}

function reason(test: TestCase): string {
  const result = test.result()
  const note = result.state === 'skipped' ? result.note : undefined
  return note ?? "no reason given (say it with `context.skip('why, and what to install')`)"
}

function demandAll(tally: Tally): void {
  if (tally.passed + tally.failed === 0) fail('No test ran.')
  if (tally.skipped.length > 0) fail('Tests were skipped: see the reasons above for what to install.')
}

function fail(why: string): void {
  console.error(`${why} With MAYFLY_NO_SKIPS=1 that fails the run.`)
  process.exitCode = 1
}
