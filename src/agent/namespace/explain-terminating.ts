import { z } from 'zod'
import type { KubernetesObject } from '../cluster.ts'
import type { Terminating } from '../observe/observed.ts'
import { distinctLines, parseTime, cleanMessage } from '../observe/clean-message.ts'

const text = z.string().nullish()

const Condition = z.object({ type: z.string(), status: z.string(), message: text })

const Namespace = z.object({
  metadata: z.object({ deletionTimestamp: text, finalizers: z.array(z.string()).nullish() }),
  status: z.object({ phase: text, conditions: z.array(Condition).nullish() }).nullish(),
})
type Namespace = z.infer<typeof Namespace>

/** Finalizers of Kubernetes itself: its own controllers take them off, nobody needs to help. */
const endsByItself = /^(foregroundDeletion|orphan|(.*\.)?kubernetes\.io\/.*)$/

/**
 * Why a namespace that is being deleted is still there; null: it is not being deleted. `held`: something keeps it that does
 * not end by itself. Never throws.
 */
export function explainTerminating(namespace: KubernetesObject): Terminating | null {
  const read = Namespace.safeParse(namespace)
  if (!read.success || !read.data.metadata.deletionTimestamp) return null
  const { finalizers, remaining, failures } = found(read.data)
  const held = [...finalizers, ...ownFinalizers(read.data)].some(({ name }) => !endsByItself.test(name))
  const lines = [
    ...finalizers.map(finalizerLine),
    ...ownFinalizers(read.data).map(({ name }) => `the finalizer \`${name}\` holds the namespace itself`),
    ...failures,
    ...(remaining === '' ? [] : [`still in it: ${remaining}`]),
  ]
  const [why = 'the namespace is being deleted', ...details] = distinctLines(lines, [])
  const since = parseTime(read.data.metadata.deletionTimestamp)
  return { why, details, since, held: held || failures.length > 0 }
}

interface Finalizer {
  readonly name: string
  /** How many objects carry it; null: not said. */
  readonly objects: number | null
}

function found(namespace: Namespace) {
  const message = (type: string) =>
    namespace.status?.conditions?.find((one) => one.type === type && one.status === 'True')?.message ?? ''
  return {
    finalizers: finalizersIn(message('NamespaceFinalizersRemaining')),
    remaining: objectsIn(message('NamespaceContentRemaining')),
    // A webhook or an aggregated API is in the way of the deletion.
    failures: [
      'NamespaceDeletionDiscoveryFailure',
      'NamespaceDeletionGroupVersionParsingFailure',
      'NamespaceDeletionContentFailure',
    ].flatMap((type) => cleanMessage(message(type)) || []),
  }
}

/** From `Some content in the namespace has finalizers remaining: acme.example/hold in 1 resource instances`. */
function finalizersIn(message: string): readonly Finalizer[] {
  if (message === '') return []
  const named = [...message.matchAll(/([^\s,:]+) in (\d+) resource instances/g)]
  if (named.length === 0) return [{ name: cleanMessage(message), objects: null }]
  return named.map(([, name = '', count = '']) => ({ name, objects: Number(count) }))
}

/** From `Some resources are remaining: configmaps. has 1 resource instances, deployments.apps has 2 resource instances`. */
function objectsIn(message: string): string {
  const named = [...message.matchAll(/([a-z0-9-]+)\.([a-z0-9.-]*) has (\d+) resource instances/g)]
  if (named.length === 0) return cleanMessage(message)
  return cleanMessage(named.map(([, plural = '', , count = '']) => `${count} ${plural}`).join(', '))
}

function finalizerLine({ name, objects }: Finalizer): string {
  if (objects === null) return name
  return `the finalizer \`${cleanMessage(name)}\` holds ${objects} ${objects === 1 ? 'object' : 'objects'} in the namespace`
}

/** `spec.finalizers` is the namespace's ordinary end; what somebody else put on the object itself is not. */
function ownFinalizers({ metadata }: Namespace): readonly Finalizer[] {
  return (metadata.finalizers ?? []).map((name) => ({ name: cleanMessage(name), objects: null }))
}
