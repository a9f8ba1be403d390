import type { PartialConfig } from '../draft.ts'
import { parseDuration } from '../duration.ts'
import type { ConfigProblem } from '../finding.ts'
import { httpUrlFaults } from '../http-url.ts'
import type { ConfigRule } from '../rule.ts'
import type { SourceView } from '../source-view.ts'
import { parseUrl } from '../url.ts'

/** Server, queue, sweep and report. */
export const serviceRules: readonly ConfigRule[] = [
  publicUrlIsHttp,
  redisIsRedis,
  sweepFitsATimer,
  deploymentsAreToCome,
  contextNeedsAKubeconfig,
]

function publicUrlIsHttp({ server }: PartialConfig, view: SourceView): readonly ConfigProblem[] {
  return httpUrlFaults(server?.publicUrl, ['server', 'publicUrl'], view)
}

function redisIsRedis({ queue }: PartialConfig): readonly ConfigProblem[] {
  const redis = queue?.redis
  if (redis === undefined) return []
  const url = parseUrl(redis)
  if (url !== undefined && ['redis:', 'rediss:'].includes(url.protocol) && url.hostname !== '') return []
  const hint = 'write `redis://host:6379`, with TLS `rediss://`, or leave it out for a queue in this process'
  return [{ path: ['queue', 'redis'], message: 'is no URL of a Redis', hint }]
}

/** A timer of Node holds 2^31 - 1 ms; one beyond that fires at once. */
const longestMs = 24 * 86_400_000

function sweepFitsATimer({ sweep }: PartialConfig): readonly ConfigProblem[] {
  const everyMs = parseDuration(sweep?.every ?? '10m') ?? 1
  const path = ['sweep', 'every']
  if (everyMs === 0)
    return [{ path, message: 'a sweep without a pause would never end', hint: 'for example `10m`' }]
  if (everyMs > longestMs)
    return [{ path, message: 'is longer than 24 days', hint: 'the sweep heals: for example `10m`' }]
  return []
}

function deploymentsAreToCome({ report }: PartialConfig): readonly ConfigProblem[] {
  const deployments = report?.deployments
  if (deployments !== 'on' && deployments !== true) return []
  return [
    {
      path: ['report', 'deployments'],
      message: 'deployment records are not there yet',
      hint: 'leave it out',
    },
  ]
}

function contextNeedsAKubeconfig({ agent }: PartialConfig): readonly ConfigProblem[] {
  const { context, kubeconfig = 'in-cluster' } = agent ?? {}
  if (context === undefined || kubeconfig !== 'in-cluster') return []
  const hint = 'name a kubeconfig that has it, or leave it out'
  return [
    { path: ['agent', 'context'], message: 'is of a kubeconfig, and `agent.kubeconfig` names none', hint },
  ]
}
