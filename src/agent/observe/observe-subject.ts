import { Stalled } from '../../preview/errors.ts'
import type { Cluster, KubernetesObject } from '../cluster.ts'
import type { AgentDialect } from '../dialect.ts'
import { foldObservations } from './fold-observations.ts'
import { type FollowedPreviews, ofPreview } from '../follow/follow-previews.ts'
import { namespaceKind } from '../kinds.ts'
import { ownershipOf } from './ownership.ts'
import { explainTerminating } from '../namespace/explain-terminating.ts'
import type { NamespaceState, Observed } from './observed.ts'
import type { Subject } from '../port.ts'

export interface ObserveParts {
  readonly cluster: Cluster
  readonly dialect: AgentDialect
  readonly followed: FollowedPreviews
  /** The agent's own namespace. */
  readonly home: string
}

/** What the copy says of a preview; that it is gone is said only after the cluster itself was asked. @throws RetryLater, Stalled */
export async function observeSubject(parts: ObserveParts, subject: Subject): Promise<Observed> {
  const { dialect, followed } = parts
  const objects = ofPreview(followed.objects(), subject.preview)
  const namespaces = followed.namespaces()
  const state = namespaces === null ? unknown : stateOf(namespaces, subject)
  const observed = fold(dialect, objects, state, subject)
  if (observed.observation.kind !== 'absent' || subject.sha !== null) return observed
  return askItself(parts, subject, state)
}

function fold(
  { observe }: AgentDialect,
  objects: readonly KubernetesObject[],
  namespace: NamespaceState,
  { sha }: Subject,
): Observed {
  return foldObservations(observe(objects, { sha }), namespace, { sha })
}

const unknown: NamespaceState = { kind: 'unknown' }

/** The preview's namespace of today; at the end of a preview any namespace that it ever had. */
function stateOf(namespaces: readonly KubernetesObject[], subject: Subject): NamespaceState {
  const mine = namespaces.filter((namespace) => ownershipOf(namespace)?.name === subject.namespace)
  const left = subject.sha === null ? ofPreview(namespaces, subject.preview) : []
  const states = [...mine, ...left].map(namespaceState)
  const held = states.find((one) => one.kind === 'terminating' && one.held)
  return held ?? states[0] ?? { kind: 'absent' }
}

function namespaceState(namespace: KubernetesObject): NamespaceState {
  const terminating = explainTerminating(namespace)
  return terminating === null ? { kind: 'active' } : { kind: 'terminating', ...terminating }
}

/** A copy lags behind, and holds only what carries our label: an end must be true. */
async function askItself(
  { cluster, dialect, home }: ObserveParts,
  subject: Subject,
  known: NamespaceState,
): Promise<Observed> {
  const [object, namespace] = await Promise.all([
    orRefused(cluster.read(dialect.kinds[0], home, subject.name)),
    orRefused(cluster.read(namespaceKind, null, subject.namespace)),
  ])
  const objects = object === null || object === 'refused' ? [] : ofPreview([object], subject.preview)
  if (namespace === 'refused') return fold(dialect, objects, known, subject)
  return fold(dialect, objects, namespace === null ? { kind: 'absent' } : namespaceState(namespace), subject)
}

async function orRefused<T>(asked: Promise<T>): Promise<T | 'refused'> {
  return asked.catch((error: unknown) => {
    if (error instanceof Stalled) return 'refused' as const
    throw error
  })
}
