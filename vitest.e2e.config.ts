import { defineConfig } from 'vitest/config'
import { countingReporter } from './test/reporter.ts'

/** They need no cluster, so that they start without the long builds of one. */
const forgeTests = [
  'test/e2e/gitea.test.ts',
  'test/e2e/circle.test.ts',
  'test/e2e/registry.test.ts',
  'test/e2e/gitea-registry.test.ts',
]

/** One file after the other: each brings up real servers, and the first one may have to build them. */
export default defineConfig({
  test: {
    pool: 'forks',
    maxConcurrency: 12,
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', countingReporter()],
    projects: [
      {
        extends: true,
        test: {
          name: 'forge',
          include: forgeTests,
          globalSetup: [
            './test/e2e/support/build-gitea-once.ts',
            './test/e2e/support/build-registry-once.ts',
          ],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'cluster',
          include: ['test/e2e/**/*.test.ts'],
          exclude: forgeTests,
          globalSetup: [
            './test/e2e/support/build-gitea-once.ts',
            './test/e2e/support/build-registry-once.ts',
            './test/e2e/support/cluster/build-cluster-once.ts',
          ],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
