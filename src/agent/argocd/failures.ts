import type { Reasons } from '../observe/observed.ts'
import { formatObject, distinctLines, parseTime, cleanMessage } from '../observe/clean-message.ts'
import { isAboutSpec, operationIsAboutSpec } from './compared.ts'
import type { ArgocdApplication, ArgocdCondition, OperationState, SyncedResource } from './schema.ts'

/** Why the Application could not be applied; null: nothing says so. */
export function failures(application: ArgocdApplication): Reasons | null {
  const conditions = errorConditions(application)
  const operation = failedOperation(application)
  if (conditions.length === 0 && operation === null) return null
  const refused = operation === null ? [] : refusedResources(operation)
  // The condition and the operation only repeat what the refused resource said.
  const others = refused.length === 0 ? conditions : conditions.filter(({ type }) => type !== 'SyncError')
  const rest = operation === null || refused.length > 0 ? '' : cleanMessage(operation.message)
  const lines = [...refused.map(resourceLine), ...others.map(conditionLine), rest]
  const [why = 'the last sync failed', ...details] = distinctLines(lines, [])
  return { why, details, since: began(conditions, operation) }
}

/** What the API server refused, or which hook failed, in the words of the report. */
export function refusedResources({ syncResult }: OperationState): readonly SyncedResource[] {
  return (syncResult?.resources ?? []).filter(
    ({ status, hookPhase }) => status === 'SyncFailed' || hookPhase === 'Failed' || hookPhase === 'Error',
  )
}

/** A hook is a workload of the wanted commit, even where nothing else of it was applied. */
export function hasFailedHook({ status }: Pick<ArgocdApplication, 'status'>): boolean {
  const state = status?.operationState
  return Boolean(state && refusedResources(state).some(({ hookType }) => Boolean(hookType)))
}

export function resourceLine({ kind, name, hookType, message }: SyncedResource): string {
  return hookType
    ? `${hookType} hook ${formatObject(kind, name, message ?? '')}`
    : formatObject(kind, name, message ?? '')
}

/** Repeated, shared, excluded, orphaned resources: no failure, and worth a line. */
export function warnings({ status }: ArgocdApplication): readonly string[] {
  const found = (status?.conditions ?? []).filter(({ type }) => !type.endsWith('Error'))
  return distinctLines(newestFirst(found).map(conditionLine), [])
}

/** Argo CD's errors end in `Error`. */
function errorConditions(application: ArgocdApplication): readonly ArgocdCondition[] {
  const current = isAboutSpec(application)
  const found = (application.status?.conditions ?? []).filter(({ type }) => {
    if (type === 'ComparisonError' || type === 'SyncError') return current
    // A refused spec is never compared, so its condition stands beside an older `comparedTo`.
    return type.endsWith('Error') && type !== 'DeletionError'
  })
  return newestFirst(found)
}

/** The last operation, when it failed and the cluster is not as wanted all the same. */
function failedOperation({ spec, status }: ArgocdApplication): OperationState | null {
  const state = status?.operationState
  if (!state || (state.phase !== 'Failed' && state.phase !== 'Error')) return null
  if (!operationIsAboutSpec(spec, state)) return null
  return status.sync?.status === 'Synced' && !hasFailedHook({ status }) ? null : state
}

function conditionLine({ type, message }: ArgocdCondition): string {
  const said = cleanMessage(message)
  if (said === '') return type
  if (type === 'ComparisonError') return `Argo CD cannot render it: ${said}`
  if (type === 'InvalidSpecError') return `Argo CD refuses the Application: ${said}`
  return type === 'SyncError' ? said : `${type}: ${said}`
}

function newestFirst(conditions: readonly ArgocdCondition[]): readonly ArgocdCondition[] {
  const time = ({ lastTransitionTime }: ArgocdCondition) => parseTime(lastTransitionTime)?.getTime() ?? 0
  return conditions.toSorted((one, other) => time(other) - time(one))
}

function began(conditions: readonly ArgocdCondition[], operation: OperationState | null): Date | null {
  if (operation !== null) return parseTime(operation.finishedAt)
  return parseTime(conditions[0]?.lastTransitionTime)
}
