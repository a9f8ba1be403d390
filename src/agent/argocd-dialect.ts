import { z } from 'zod'
import { Stalled } from '../preview/errors.ts'
import { observeApplication } from './argocd/observe-application.ts'
import { argocdRootWarnings } from './argocd/root-warnings.ts'
import type { Cluster, KubernetesObject } from './cluster.ts'
import type { Dialect, Root } from './dialect.ts'
import { argocdKinds } from './kinds.ts'

const REFRESH = { 'argocd.argoproj.io/refresh': 'normal' }

const rootSchema = z.object({
  status: z.object({ sync: z.object({ revision: z.string().nullish() }).nullish() }).nullish(),
})
const childSchema = z.object({ spec: z.object({ project: z.string() }) })

/** How Argo CD is read and told. */
export function argocdDialect(cluster: Cluster, root: Root): Dialect {
  const { namespace, rootApplication } = root
  const readRoot = () => cluster.read(argocdKinds.application, namespace, rootApplication)
  return {
    kinds: [argocdKinds.application],
    observe: (all, wanted) => all.map((object) => observeApplication(object, wanted)),
    async tell() {
      await cluster.annotate(argocdKinds.application, namespace, rootApplication, REFRESH)
    },
    async hasSeen(commit) {
      const status = rootSchema.safeParse(await readRoot()).data?.status
      const revision = status?.sync?.revision
      return !revision || revision === commit
    },
    async warnings(children) {
      return argocdRootWarnings({
        ...root,
        name: `${namespace}/${rootApplication}`,
        root: await readRoot(),
        project: await readProject(cluster, namespace, children),
        children,
      })
    },
  }
}

/** The project of the previews that are there; without the right to read it, nothing is said about it. */
async function readProject(
  cluster: Cluster,
  namespace: string,
  children: readonly KubernetesObject[],
): Promise<KubernetesObject | null> {
  const project = childSchema.safeParse(children[0]).data?.spec.project
  if (project === undefined) return null
  return cluster.read(argocdKinds.project, namespace, project).catch((error: unknown) => {
    if (error instanceof Stalled) return null
    throw error
  })
}
