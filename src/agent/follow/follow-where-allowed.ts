import { Stalled } from '../../preview/errors.ts'
import type { Cluster, Followed, OnChange, Place } from '../cluster.ts'

/**
 * Follows a kind in all namespaces, or as long as that is not allowed in the agent's own: where its objects stand mostly, and
 * where least rights reach.
 */
export function followWhereAllowed(
  cluster: Cluster,
  place: Omit<Place, 'namespace'>,
  home: string,
  onChange: OnChange,
): Followed {
  const everywhere = cluster.follow({ ...place, namespace: null }, onChange)
  let atHome: Followed | null = null

  function allowed(): Followed {
    if (!isRefused(everywhere)) {
      atHome?.stop()
      atHome = null
      return everywhere
    }
    atHome ??= cluster.follow({ ...place, namespace: home }, onChange)
    return atHome
  }

  return {
    tried: everywhere.tried.then(() => (isRefused(everywhere) ? allowed().tried : undefined)),
    objects: () => allowed().objects(),
    stop: () => {
      everywhere.stop()
      atHome?.stop()
    },
  }
}

function isRefused(followed: Followed): boolean {
  try {
    followed.objects()
    return false
  } catch (error) {
    return error instanceof Stalled && error.right !== null
  }
}
