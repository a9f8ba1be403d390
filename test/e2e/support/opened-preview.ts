import { expect } from 'vitest'
import { z } from 'zod'
import { eventually } from '../../support/eventually.ts'
import { argocdNamespace } from './cluster/argocd.ts'
import type { Cluster } from './cluster/cluster.ts'
import { fluxNamespace } from './cluster/flux.ts'
import { type KubernetesObject, kinds } from './cluster/object.ts'
import type { GiteaServer } from './gitea.ts'
import { editPullRequest } from './gitea-pull-request.ts'
import type { AgentKind, Installation } from './installation.ts'

/** Long for a quiet machine, enough for a slow one. */
export const soon = { withinMs: 60_000, everyMs: 100 }

const previewRecord = z.object({
  name: z.string(),
  state: z.string(),
  message: z.string(),
  sha: z.string().nullable(),
  servingSha: z.string().nullable(),
})
type PreviewRecord = z.infer<typeof previewRecord>

/** The agent's own object of a preview, or its root. */
export const agentObjects = {
  argocd: { kind: kinds.application, namespace: argocdNamespace },
  flux: { kind: kinds.kustomization, namespace: fluxNamespace },
} as const satisfies Readonly<Record<AgentKind, object>>

/** A merge request with its preview, from every side. */
export interface OpenedPreview {
  readonly number: number
  /** Of the preview and of the agent's object. */
  readonly name: string
  readonly namespace: string
  /** The commit that it was opened with. */
  readonly sha: string
  push(tag: string): Promise<string>
  pushFiles(files: Readonly<Record<string, string | null>>): Promise<string>
  close(): Promise<void>
  reopen(): Promise<void>
  /** Our one comment; empty when there is none yet. */
  comment(): Promise<string>
  /** Waits until the comment says all of these. */
  says(...words: readonly (string | RegExp)[]): Promise<string>
  /** Waits until the newest status of a commit is this one. */
  hasStatus(sha: string, state: string): Promise<void>
  status(sha: string): Promise<string | undefined>
  /** What `/api/previews` says of it. */
  record(): Promise<PreviewRecord | undefined>
  manifest(): Promise<string | undefined>
  agentObject(): Promise<KubernetesObject | undefined>
  namespaceObject(): Promise<KubernetesObject | undefined>
  deployment(): Promise<KubernetesObject | undefined>
}

/** Opens a merge request of this branch whose workload has this image tag. */
export async function openPreview(scene: SceneParts, branch: string, tag?: string): Promise<OpenedPreview> {
  return openedPreview(scene, branch, await scene.mayfly.open(branch, tag))
}

interface SceneParts {
  readonly gitea: GiteaServer
  readonly cluster: Cluster
  readonly mayfly: Installation
}

/** One that somebody else has opened. */
export function openedPreview(
  { gitea, cluster, mayfly }: SceneParts,
  branch: string,
  { number, sha }: { readonly number: number; readonly sha: string },
): OpenedPreview {
  const name = `${mayfly.application}-${number}-${branch}`
  const namespace = mayfly.namespace(branch, number)
  const own = agentObjects[mayfly.kind]
  const edit = (state: 'open' | 'closed') => editPullRequest(gitea.developer, mayfly.shop, number, { state })
  return {
    number,
    name,
    namespace,
    sha,
    push: (newTag) => mayfly.push(branch, newTag),
    pushFiles: (files) => mayfly.pushFiles(branch, files),
    close: () => edit('closed'),
    reopen: () => edit('open'),
    comment: () => mayfly.comment(number),
    says: (...words) => mayfly.says(number, ...words),
    hasStatus: (of, state) =>
      eventually(async () => {
        expect(await mayfly.status(of)).toBe(state)
      }, soon),
    status: mayfly.status,
    record: async () => {
      const answer = await fetch(`${mayfly.url}/api/previews/${name}`)
      return answer.status === 404 ? undefined : previewRecord.parse(await answer.json())
    },
    manifest: () => mayfly.manifest(branch, number),
    agentObject: () => cluster.client.get(own.kind, { name, namespace: own.namespace }),
    namespaceObject: () => cluster.client.get(kinds.namespace, { name: namespace }),
    deployment: () => cluster.client.get(kinds.deployment, { name: 'web', namespace }),
  }
}
