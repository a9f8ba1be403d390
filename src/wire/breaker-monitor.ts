import type { EnvironmentRepository } from '../environment-repository/port.ts'
import type { PreviewId } from '../preview/preview-id.ts'

/** Remembers which removals the breaker holds back, for the metric that calls a human. */
export function createBreakerMonitor() {
  const held = new Set<PreviewId>()
  return {
    isHolding: (): boolean => held.size > 0,
    watch: (repository: EnvironmentRepository): EnvironmentRepository => ({
      ...repository,
      change: async (change) => {
        const result = await repository.change(change)
        if (result.kind === 'held') held.add(change.preview)
        else held.delete(change.preview)
        return result
      },
    }),
  }
}
