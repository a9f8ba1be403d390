import { NAMELESS, type Reasons } from '../observe/observed.ts'
import { formatObject, distinctLines, parseTime } from '../observe/clean-message.ts'
import { isAboutSpec, isAtRevision, operationIsAboutSpec } from './compared.ts'
import { refusedResources, resourceLine } from './failures.ts'
import type { ArgocdApplication, Resource } from './schema.ts'

/** What was applied and is degraded; null: Argo CD does not call it so. */
export function notHealthy(application: ArgocdApplication): Reasons | null {
  const health = application.status?.health
  if (health?.status !== 'Degraded') return null
  const [why = NAMELESS, ...details] = withHealth(application, ['Degraded'])
  return { why, details, since: parseTime(health.lastTransitionTime) }
}

/** What is still missing to `ready`, of an Application that nothing is wrong with so far. */
export function onItsWay(application: ArgocdApplication): Reasons {
  const { operation, status } = application
  const state = status?.operationState
  if (state?.phase === 'Running' || state?.phase === 'Terminating')
    return { ...running(application), since: parseTime(state.startedAt) }
  if (!isAboutSpec(application) || !isAtRevision(application))
    return nothingBut('Argo CD has not looked at this commit yet')
  if (operation) return nothingBut('Argo CD is about to sync it')
  if (status?.sync?.status !== 'Synced') return { ...notSynced(application), since: null }
  return { ...waiting(application), since: parseTime(status.health?.lastTransitionTime) }
}

type Words = Omit<Reasons, 'since'>

const words: ReadonlyMap<string, string> = new Map([
  ['Healthy', 'Argo CD is about to look again'],
  ['Progressing', 'its workload is starting'],
  ['Missing', 'a resource is missing in the cluster'],
  ['Suspended', 'a workload is suspended'],
])

function running(application: ArgocdApplication): Words {
  const state = application.status?.operationState
  const [refused, ...rest] = distinctLines(state ? refusedResources(state).map(resourceLine) : [], [])
  if (refused === undefined) return { why: 'Argo CD is syncing it', details: progress(application) }
  return { why: `Argo CD tries again: ${refused}`, details: rest }
}

function notSynced({ spec, status }: ArgocdApplication): Words {
  const automated = spec.syncPolicy?.automated
  const differing = (status?.resources ?? []).filter((resource) => resource.status === 'OutOfSync')
  const details = distinctLines(
    differing.map(({ kind, name }) => `${formatObject(kind, name, '')} differs from Git`),
    [],
  )
  if (status?.sync?.status !== 'OutOfSync')
    return { why: 'Argo CD does not know yet whether it is in sync', details }
  if (!automated || automated.enabled === false)
    return { why: 'Argo CD does not sync it by itself: its automated sync is off', details }
  const state = status.operationState
  const isDrift = state?.phase === 'Succeeded' && operationIsAboutSpec(spec, state)
  return { why: isDrift ? 'the cluster differs from Git' : 'Argo CD has not synced it yet', details }
}

function waiting(application: ArgocdApplication): Words {
  const [first, ...rest] = progress(application)
  if (first !== undefined) return { why: first, details: rest }
  const why = words.get(application.status?.health?.status ?? '') ?? 'Argo CD does not know its health'
  return { why, details: [] }
}

function progress(application: ArgocdApplication): readonly string[] {
  return withHealth(application, ['Degraded', 'Progressing', 'Suspended', 'Missing'])
}

/** What resources say of their own health, in this order; nothing where Argo CD keeps it out of the Application. */
function withHealth({ status }: ArgocdApplication, healths: readonly string[]): readonly string[] {
  const of = (health: string) =>
    (status?.resources ?? []).filter((resource) => resource.health?.status === health)
  return distinctLines(healths.flatMap(of).map(healthLine), [])
}

function healthLine({ kind, name, health }: Resource): string {
  return formatObject(kind, name, health?.message ?? `is ${(health?.status ?? 'unknown').toLowerCase()}`)
}

function nothingBut(why: string): Reasons {
  return { why, details: [], since: null }
}
