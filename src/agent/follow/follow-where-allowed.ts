import { Stalled } from '../../preview/errors.ts'
import type { Cluster, Informer, OnChange, ResourceSelector } from '../cluster.ts'

/**
 * Follows a kind in all namespaces, or as long as that is not allowed in the agent's own: where its objects stand mostly, and
 * where least rights reach.
 */
export function followWhereAllowed(
  cluster: Cluster,
  place: Omit<ResourceSelector, 'namespace'>,
  home: string,
  onChange: OnChange,
): Informer {
  const everywhere = cluster.follow({ ...place, namespace: null }, onChange)
  let atHome: Informer | null = null

  function allowed(): Informer {
    if (!isRefused(everywhere)) {
      atHome?.stop()
      atHome = null
      return everywhere
    }
    atHome ??= cluster.follow({ ...place, namespace: home }, onChange)
    return atHome
  }

  return {
    firstList: everywhere.firstList.then(() => (isRefused(everywhere) ? allowed().firstList : undefined)),
    objects: () => allowed().objects(),
    stop: () => {
      everywhere.stop()
      atHome?.stop()
    },
  }
}

function isRefused(followed: Informer): boolean {
  try {
    followed.objects()
    return false
  } catch (error) {
    return error instanceof Stalled && error.right !== null
  }
}
