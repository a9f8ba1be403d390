import { createBoundedMap } from '../pace/bounded-map.ts'
import type { ProbeSettings } from '../preview/application.ts'
import type { PreviewFacts } from '../preview/status-of.ts'
import type { Observation } from '../preview/observation.ts'
import type { PreviewId } from '../preview/preview-id.ts'
import type { Probe } from '../probe/port.ts'

/**
 * Whether previews that run can be reached. One that answered for a commit, and since it runs, is not probed again by this
 * process: it was ready, and the agent knows whether it stays so.
 */
export interface Reachability {
  /** Why the URL does not answer; null: it does, or there is nothing to probe. Never throws. */
  readonly silence: (
    probing: ProbeSettings | null,
    finding: PreviewFacts,
    seen: Observation,
  ) => Promise<string | null>
}

const keepCount = 10_000

export function createReachability(probe: Probe): Reachability {
  /** What answered last, by preview. */
  const answered = createBoundedMap<PreviewId, string>(keepCount)
  return {
    async silence(probing, { preview, sha, url, end }, seen) {
      if (probing === null || url === null || end.kind !== 'stands') return null
      // Only the agent knows which commit it is that answers.
      if (seen.kind !== 'ready' || seen.serving !== sha) return null
      const what = `${sha} ${seen.since?.toISOString() ?? ''} ${url}`
      if (answered.get(preview) === what) return null
      const answer = await probe.check(url, probing)
      if (answer.kind === 'silent') return answer.why
      answered.set(preview, what)
      return null
    },
  }
}
