import type { PreviewId } from '../preview/preview-id.ts'
import type { EnvironmentRepository, View } from './port.ts'

/** Remembers which removals the breaker holds back, for the metric and the warning that call a human. */
export interface BreakerMonitor {
  /** The same repository, heard by the monitor. */
  watch(repository: EnvironmentRepository): EnvironmentRepository
  isHolding(): boolean
  /** One sentence while it holds any. */
  sentences(): readonly string[]
}

export function createBreakerMonitor(): BreakerMonitor {
  const held = new Set<PreviewId>()

  /** Whoever confirms does so in a process of their own: what does not stand any more is not held either. */
  function forgetGone(view: View): View {
    for (const preview of held) if (view.manifestsOf(preview).length === 0) held.delete(preview)
    return view
  }

  return {
    watch: (repository) => ({
      ...repository,
      refresh: async () => forgetGone(await repository.refresh()),
      change: async (change) => {
        const result = await repository.change(change)
        if (result.kind === 'held') held.add(change.preview)
        else held.delete(change.preview)
        return result
      },
    }),
    isHolding: () => held.size > 0,
    sentences: () => (held.size === 0 ? [] : [sentence([...held])]),
  }
}

function sentence(held: readonly PreviewId[]): string {
  const some = held.slice(0, 5).join(', ')
  const more = held.length > 5 ? ` and ${held.length - 5} more` : ''
  return `Removals are held until a human acts, for too many came without an event: ${some}${more}. See whether the forge tells the truth about them, then run mayfly sweep --confirm-removals.`
}
