import { defineConfig } from 'vitest/config'
import { countingReporter } from './test/reporter.ts'

/** One file after the other: each brings up real servers, and the first one may have to build them. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: ['./test/e2e/support/build-once.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', countingReporter()],
  },
})
