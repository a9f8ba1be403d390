import { parseTime, cleanMessage } from '../observe/clean-message.ts'
import { ranks, type Reason } from './reason.ts'
import type { Container, Ended, Event, Pod } from './schema.ts'
import { ownerOf, type Workloads } from './workloads.ts'

/** What Pods say of themselves, in the name of who made them. */
export function podReasons({ pods, events, jobs }: Workloads): readonly Reason[] {
  const done = jobs
    .filter(({ status }) =>
      status?.conditions?.some(({ type, status: is }) => type === 'Complete' && is === 'True'),
    )
    .map(({ metadata }) => `Job \`${metadata.name}\``)
  // A Job that came through has only forgotten tries.
  const open = pods.filter(
    (pod) => pod.status?.phase !== 'Succeeded' && !done.includes(ownerOf(pod).workload),
  )
  return open.flatMap((pod) => [
    ...containerReasons(pod, eventsOf(pod, events)),
    ...evicted(pod),
    ...unscheduled(pod),
    ...unanswered(pod, eventsOf(pod, events)),
  ])
}

function containerReasons(pod: Pod, events: readonly Event[]): readonly Reason[] {
  const init = (pod.status?.initContainerStatuses ?? []).map((container) => ({
    container,
    word: 'init container',
  }))
  const main = (pod.status?.containerStatuses ?? []).map((container) => ({ container, word: 'container' }))
  const since = parseTime(pod.metadata.creationTimestamp)
  const { workload } = ownerOf(pod)
  return [...init, ...main].flatMap(({ container, word }) => {
    const found = imageFault(container, events) ?? startFault(container) ?? crash(container, workload)
    if (found === null) return []
    const [rank, detail] = found
    return [
      {
        rank,
        since,
        line: cleanMessage(`${workload} ${detail.replace('CONTAINER', `${word} \`${container.name}\``)}`),
      },
    ]
  })
}

type Found = readonly [rank: number, detail: string]

/** Waiting after a failed pull and pulling again take turns, and are one thing. */
const imageFaults = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'RegistryUnavailable',
])

function imageFault({ image, state }: Container, events: readonly Event[]): Found | null {
  const waiting = state?.waiting
  if (!waiting?.reason || !imageFaults.has(waiting.reason)) return null
  const word = waiting.reason === 'ImagePullBackOff' ? 'ErrImagePull' : waiting.reason
  const messages = [waiting.message, ...events.map(({ message }) => message)]
  const cause = messages.map(pullCause).find((detail) => detail !== '') ?? ''
  return [
    ranks.image,
    `cannot pull its image: ${word}, image ${image ?? '?'}${cause === '' ? '' : ` ${cause}`}`,
  ]
}

/** The end of the chain of causes: `failed to resolve reference ...: not found` gives `not found`. */
function pullCause(message: string | null | undefined): string {
  const detail = cleanMessage(message)
  if (!/pull/i.test(detail)) return ''
  const last = detail.split(': ').at(-1) ?? ''
  return /^(Back-off|ErrImagePull|ImagePullBackOff)/.test(last) ? '' : last
}

const startFaults = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreStartHookError',
  'PostStartHookError',
])

function startFault({ state }: Container): Found | null {
  const waiting = state?.waiting
  if (!waiting?.reason || !startFaults.has(waiting.reason)) return null
  const detail = cleanMessage(waiting.message)
  return [ranks.start, `cannot start: CONTAINER: ${detail === '' ? waiting.reason : detail}`]
}

/** Crashed, waiting to be started again after a crash, or running again for a while and not ready yet. */
function crash({ ready, state, lastState }: Container, workload: string): Found | null {
  const ended = state?.terminated ?? lastState?.terminated
  if (!ended || ready === true || ended.exitCode === 0) return null
  const verb = workload.startsWith('Job ') ? 'fails' : 'crashes'
  return [ranks.crash, `${verb}: CONTAINER ${ending(ended)}`]
}

function ending({ exitCode, reason, message }: Ended): string {
  if (reason === 'OOMKilled') return 'was killed because it used more memory than its limit (OOMKilled)'
  const code = exitCode === null || exitCode === undefined ? 'ended' : `ended with exit code ${exitCode}`
  const word = !reason || reason === 'Error' ? '' : ` (${reason})`
  const detail = cleanMessage(message?.trim().split('\n').at(-1))
  return `${code}${word}${detail === '' ? '' : `: ${detail}`}`
}

function evicted(pod: Pod): readonly Reason[] {
  if (pod.status?.phase !== 'Failed' || !pod.status.reason) return []
  const line = cleanMessage(
    `${ownerOf(pod).workload} lost a Pod (${pod.status.reason}): ${pod.status.message ?? ''}`,
  )
  return [{ rank: ranks.schedule, since: parseTime(pod.metadata.creationTimestamp), line }]
}

function unscheduled(pod: Pod): readonly Reason[] {
  const condition = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')
  if (condition?.status !== 'False') return []
  const line = cleanMessage(
    `${ownerOf(pod).workload} cannot be scheduled: ${cleanMessage(condition.message)}`,
  )
  return [{ rank: ranks.schedule, since: parseTime(condition.lastTransitionTime), line }]
}

/** Runs, and is not ready because a probe says no. */
function unanswered(pod: Pod, events: readonly Event[]): readonly Reason[] {
  const isReady = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')
  const failed = events.find(({ reason }) => reason === 'Unhealthy')
  if (isReady === true || !failed) return []
  const line = cleanMessage(
    `${ownerOf(pod).workload} does not answer its probe: ${cleanMessage(failed.message)}`,
  )
  return [{ rank: ranks.probe, since: parseTime(failed.firstTimestamp ?? failed.eventTime), line }]
}

function eventsOf({ metadata }: Pod, events: readonly Event[]): readonly Event[] {
  return events.filter(({ involvedObject: { kind, name } }) => kind === 'Pod' && name === metadata.name)
}
