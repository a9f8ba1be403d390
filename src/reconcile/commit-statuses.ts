import { commitVerdict, type Verdict } from '../preview/commit-status.ts'
import type { MergeRequestKey } from '../preview/key.ts'
import type { MergeRequest } from '../preview/merge-request.ts'
import type { PreviewStatus } from '../preview/status.ts'
import type { PreviewRegistry } from '../report/preview-registry.ts'
import type { StatusReport } from '../report/publish/report.ts'

interface StatusInput {
  readonly key: MergeRequestKey
  readonly mergeRequest: MergeRequest
  readonly statuses: readonly PreviewStatus[]
  readonly registry: Pick<PreviewRegistry, 'sharing'>
  /** Strangers read it: what others are told in full is left out. */
  readonly isBrief: boolean
}

/** One voice about a commit: the verdict, and where a click leads. */
interface Voice {
  readonly verdict: Verdict
  readonly targetUrl: string | null
}

const gravity: readonly Verdict['state'][] = ['failure', 'pending', 'success']

/**
 * The statuses of a merge request's newest commit, one for each application. A status belongs to a commit, and other merge requests may
 * have the same one: the gravest word of what stands there is said, and what has ended leaves nothing behind that holds others up.
 */
export function commitStatuses({
  key,
  mergeRequest,
  statuses,
  registry,
  isBrief,
}: StatusInput): readonly StatusReport[] {
  if (mergeRequest.fork !== false) return []
  const { sha, url } = mergeRequest
  return statuses.flatMap((status): readonly StatusReport[] => {
    const context = `mayfly/${status.application}`
    const others = registry.sharing(key, status.application, sha).flatMap((record) => {
      const message = isBrief ? `number ${record.number}, of the same commit` : record.message
      return voicesOf({ ...record, message }, record.mergeRequestUrl)
    })
    const [gravest] = [...voicesOf(status, url), ...others].toSorted(byGravity)
    if (gravest !== undefined)
      return [
        { sha, status: { context, ...gravest.verdict, targetUrl: gravest.targetUrl }, onlyUnblocks: false },
      ]
    // One that is open and has no preview may still be held up for a reason: only an end takes back what was said.
    if (mergeRequest.state === 'open') return []
    const ended = { state: 'success', description: `Ended: ${status.message}`.slice(0, 140) } as const
    return [{ sha, status: { context, ...ended, targetUrl: url }, onlyUnblocks: true }]
  })
}

function voicesOf(
  said: Pick<PreviewStatus, 'state' | 'message' | 'url'>,
  page: string | null,
): readonly Voice[] {
  const verdict = commitVerdict(said)
  if (verdict === null) return []
  return [{ verdict, targetUrl: said.state === 'ready' && said.url !== null ? said.url : page }]
}

function byGravity(one: Voice, other: Voice): number {
  return gravity.indexOf(one.verdict.state) - gravity.indexOf(other.verdict.state)
}
