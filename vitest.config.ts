import { defineConfig } from 'vitest/config'
import { lastRunReporter } from './test/last-run.ts'
import { countingReporter } from './test/reporter.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**'],
    pool: 'forks',
    // Some wait more than they work. CI runs the end-to-end tests beside them.
    maxWorkers: process.env['CI'] === 'true' ? 2 : 4,
    testTimeout: 60_000,
    hookTimeout: 20_000,
    reporters: ['default', lastRunReporter('All tests'), countingReporter()],
  },
})
