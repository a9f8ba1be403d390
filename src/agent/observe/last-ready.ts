import type { CommitSha } from '../../preview/brand.ts'
import type { Observation } from '../../preview/observation.ts'
import type { PreviewId } from '../../preview/preview-id.ts'
import type { Observed } from './observed.ts'

type Ready = Extract<Observation, { kind: 'ready' }>

/** What was seen ready last, in this process: an agent does not tell which commit serves while a newer one fails. */
export function createLastReady() {
  const ready = new Map<PreviewId, Ready>()

  return {
    /** What was ready at this very commit; null: nothing, or another commit. */
    readyAt(preview: PreviewId, sha: CommitSha | null): Ready | null {
      const known = ready.get(preview)
      return known?.serving === sha ? known : null
    },
    /** Remembers what is ready, forgets what leaves, and adds what still serves where the agent does not tell. */
    complete(preview: PreviewId, sha: CommitSha | null, observed: Observed): Observed {
      const { observation } = observed
      switch (observation.kind) {
        case 'ready':
          ready.set(preview, observation)
          return observed
        case 'absent':
        case 'removing':
          ready.delete(preview)
          return observed
        case 'unwatched':
          return observed
        case 'deploying':
        case 'degraded':
        case 'failed': {
          const before = ready.get(preview)?.serving ?? null
          if (observation.serving !== null || before === null || before === sha) return observed
          return { ...observed, observation: { ...observation, serving: before } }
        }
      }
    },
  }
}
