import { defineConfig } from 'vitest/config'
import { lastRunReporter } from './test/last-run.ts'
import { countingReporter } from './test/reporter.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 20_000,
    reporters: ['default', lastRunReporter('All tests'), countingReporter()],
  },
})
