import type { SourceRepository } from './source-repositories.ts'

/** Remembers what keeps the merge requests of a repository from going on and asks for whoever operates Mayfly, until a later pass goes through. */
export interface ConflictMonitor {
  /** What stopped the newest pass over one of them; none clears what stopped those before. */
  record(source: SourceRepository, warnings: readonly string[]): void
  /** Each once. */
  sentences(): readonly string[]
}

export function createConflictMonitor(): ConflictMonitor {
  const conflicts = new Map<string, readonly string[]>()
  return {
    record({ forge, repository }, warnings) {
      if (warnings.length === 0) conflicts.delete(`${forge}:${repository}`)
      else conflicts.set(`${forge}:${repository}`, warnings)
    },
    sentences: () => [...new Set([...conflicts.values()].flat())],
  }
}
