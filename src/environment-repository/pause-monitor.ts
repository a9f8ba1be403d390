import type { EnvironmentRepository, View } from './port.ts'

/** Knows whether the branch is paused, for `/readyz` and the page. */
export interface PauseMonitor {
  /** The same repository, heard by the monitor. */
  watch(repository: EnvironmentRepository): EnvironmentRepository
  /** One sentence while it is. */
  sentences(): readonly string[]
}

export function createPauseMonitor(): PauseMonitor {
  let reason: string | null = null

  function heard(view: View): View {
    reason = view.pause()
    return view
  }

  return {
    watch: (repository) => ({
      ...repository,
      refresh: async () => heard(await repository.refresh()),
      change: async (change) => {
        const result = await repository.change(change)
        reason = result.kind === 'paused' ? result.reason : reason
        return result
      },
    }),
    sentences: () =>
      reason === null
        ? []
        : [
            `No preview is created, changed or removed, for previews are paused: ${reason}. mayfly resume, or taking mayfly.pause off the branch, lets them go on.`,
          ],
  }
}
