import type { Clock, Random } from '../../pace/clock.ts'
import type { Log } from '../../log.ts'
import type { NetworkEnvironment } from '../../network/proxy-for.ts'
import { RetryLater } from '../../preview/errors.ts'
import type { Cluster, Informer } from '../cluster.ts'
import { callApi, type ApiCall } from './call-api.ts'
import { startInformer } from './informer.ts'
import { listObjects, withKind } from './list-objects.ts'
import type { KubeconfigChoice } from './load-kubeconfig.ts'
import { objectSchema, type SeenObject } from './schema.ts'
import { createTransport } from './transport.ts'

export interface ClusterOptions extends KubeconfigChoice {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Of this process, for the way to the API server. */
  readonly environment: NetworkEnvironment
  /** Longest wait for a whole answer in ms; 10 s when left out. */
  readonly answerWithinMs?: number
  /** How long a watch stays open; 45 s when left out. */
  readonly watchSeconds?: number
}

/** The cluster of a kubeconfig or of the pod we are in. Nothing is asked yet: one that is away at the start is one that is away. */
export function connectCluster(options: ClusterOptions): Cluster {
  const { answerWithinMs = 10_000, watchSeconds = 45, ...common } = options
  const transport = createTransport(options, options)
  const parts = { ...common, transport, answerWithinMs, watchSeconds }
  const followed = new Set<Informer>()

  async function one(question: ApiCall): Promise<SeenObject | null> {
    const answer = await callApi(parts, question)
    if (answer.kind === 'unknown') return null
    const object = objectSchema.safeParse(answer.kind === 'found' ? answer.value : null)
    if (object.success) return withKind(question.kind, object.data)
    throw new RetryLater(`the API server's ${question.kind.kind} is odd`, { cause: object.error })
  }

  return {
    async list(place) {
      const listed = await listObjects(parts, place)
      return listed === 'unknown-kind' ? [] : listed.objects
    },
    read: (kind, namespace, name) => one({ verb: 'get', kind, namespace, name }),
    async annotate(kind, namespace, name, annotations) {
      const patched = await one({
        verb: 'patch',
        kind,
        namespace,
        name,
        patch: { metadata: { annotations } },
      })
      return patched === null ? 'missing' : 'done'
    },
    follow(place, onChange) {
      const following = startInformer(parts, place, onChange)
      const stop = (): void => {
        followed.delete(following)
        following.stop()
      }
      followed.add(following)
      return { ...following, stop }
    },
    async close() {
      for (const following of followed) following.stop()
      followed.clear()
      await transport.close()
    },
  }
}
