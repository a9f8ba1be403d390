import { defineConfig } from 'vitest/config'
import { lastRunReporter } from './test/last-run.ts'
import { countingReporter } from './test/reporter.ts'

/** What runs in a process by itself: no stories, no fault matrix, no Redis, no server. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/{e2e,stories,injection,sandbox,server,probe,entry}/**',
      'test/queue/{bullmq,redis*,replicas}.test.ts',
      'test/environment-repository/{git,faults,writers,secrets,run-git}.test.ts',
      'test/forge/{gitea,github,gitlab,faults,github-app,changed-files,gitlab-stand-in,gitlab-ways,http,all-pages}.test.ts',
      'test/registry/{addresses,faults,stand-in,tokens}.test.ts',
      'test/webhook/fuzz.test.ts',
      'test/agent/kubernetes.test.ts',
      'test/house/lint.test.ts',
    ],
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,
    testTimeout: 30_000,
    reporters: ['default', lastRunReporter('Unit tests'), countingReporter()],
  },
})
