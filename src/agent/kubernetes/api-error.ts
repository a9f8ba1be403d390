import { plainLine } from '../../preview/plain-line.ts'
import { RetryLater, Stalled } from '../../preview/errors.ts'
import type { ObjectKind } from '../cluster.ts'

/** What was asked for, as an RBAC rule would grant it. */
export interface ApiOperation {
  readonly verb: 'list' | 'watch' | 'get' | 'patch'
  readonly kind: ObjectKind
  readonly namespace: string | null
  readonly name?: string
}

/** An answer that is no success, as the error that the loop must have. */
export function apiError(
  asked: ApiOperation,
  answer: { readonly status: number; readonly words: string; readonly retryAfterMs: number | null },
): RetryLater | Stalled {
  const { status, retryAfterMs } = answer
  const words = plainLine(answer.words, 200)
  if (status === 403) {
    const right = rightOf(asked)
    return new Stalled(`the cluster does not let Mayfly ${right}: give its account that right`, { right })
  }
  if (status === 401)
    return new Stalled('the API server does not take our credentials: renew them in the kubeconfig', {
      right: 'be known to the API server',
    })
  const said = words === '' ? '' : `: ${words}`
  return new RetryLater(
    `the API server answered ${status} to ${rightOf(asked)}${said}`,
    retryAfterMs === null ? {} : { retryAfterMs },
  )
}

/** For example `list applications.argoproj.io in namespace argocd`. */
function rightOf({ verb, kind, namespace, name }: ApiOperation): string {
  const group = kind.api.includes('/') ? `.${kind.api.slice(0, kind.api.indexOf('/'))}` : ''
  const one = name === undefined ? '' : ` called ${name}`
  return `${verb} ${kind.plural}${group}${one}${placeOf(kind, namespace)}`
}

function placeOf({ kind }: ObjectKind, namespace: string | null): string {
  if (kind === 'Namespace') return ''
  return namespace === null ? ' in all namespaces' : ` in namespace ${namespace}`
}
