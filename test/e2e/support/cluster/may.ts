import { z } from 'zod'
import type { ClusterClient } from './client.ts'

/** What somebody wants to do: `patch applications.argoproj.io previews in argocd`; `*` as the namespace: everywhere. */
export interface Deed {
  readonly verb: string
  /** `pods`, or with its API group: `applications.argoproj.io`. */
  readonly resource: string
  readonly name?: string
  readonly namespace?: string
}

/** Whether the API server would let the client's own account do it. */
export async function may(
  client: ClusterClient,
  { verb, resource, name, namespace }: Deed,
): Promise<boolean> {
  const [plural = '', ...group] = resource.split('.')
  const [kind = '', subresource] = plural.split('/')
  const resourceAttributes = { verb, resource: kind, subresource, group: group.join('.'), name, namespace }
  const answer = await client.call({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: JSON.stringify({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    }),
  })
  if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text.slice(0, 500)}`)
  return z.object({ status: z.object({ allowed: z.boolean() }) }).parse(JSON.parse(answer.text)).status
    .allowed
}
