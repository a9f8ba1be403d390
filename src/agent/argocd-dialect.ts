import { z } from 'zod'
import { Stalled } from '../preview/errors.ts'
import { observeApplication } from './argocd/observe-application.ts'
import { argocdRootWarnings } from './argocd/root.ts'
import type { Cluster, KubernetesObject } from './cluster.ts'
import type { AgentDialect, RootOptions } from './dialect.ts'
import { argocdKinds } from './kinds.ts'
import { ArgocdApplication } from './argocd/schema.ts'

const REFRESH = { 'argocd.argoproj.io/refresh': 'normal' }
const REFRESH_SET = { 'argocd.argoproj.io/application-set-refresh': 'true' }

const rootSchema = z.object({
  spec: z.object({ project: z.string().nullish() }).nullish(),
  status: z.object({ sync: z.object({ revision: z.string().nullish() }).nullish() }).nullish(),
})

/** How Argo CD is read and told. */
export function argocdDialect(cluster: Cluster, root: RootOptions): AgentDialect {
  const { namespace, rootApplication } = root
  const readRoot = () => cluster.read(argocdKinds.application, namespace, rootApplication)
  return {
    kinds: [argocdKinds.application],
    observe: (all, wanted) => all.map((object) => observeApplication(object, wanted)),
    async requestSync(names) {
      const answer = await cluster.annotate(argocdKinds.application, namespace, rootApplication, REFRESH)
      if (answer === 'missing') await refreshSet(cluster, root, names)
    },
    async hasSeen(commit) {
      const there = await readRoot()
      // A set does not tell which commit it saw, and forgets a request that comes while it works on the one before: it is asked again.
      if (there === null) return !(await isSet(cluster, root))
      const status = rootSchema.safeParse(there).data?.status
      const revision = status?.sync?.revision
      return !revision || revision === commit
    },
    pause: async () => argocdPause(`${namespace}/${rootApplication}`, await readRoot()),
    async warnings(children) {
      const there = await readRoot()
      if (there === null && (await isSet(cluster, root))) return []
      return argocdRootWarnings({
        ...root,
        name: `${namespace}/${rootApplication}`,
        root: there,
        project: await readProject(cluster, namespace, there),
        children,
      })
    },
  }
}

/** Without the right to read it, there is none as far as we know. */
async function isSet(cluster: Cluster, { namespace, rootApplication }: RootOptions): Promise<boolean> {
  const set = cluster.read(argocdKinds.applicationSet, namespace, rootApplication)
  return set.then(
    (object) => object !== null,
    (error: unknown) => {
      if (error instanceof Stalled) return false
      throw error
    },
  )
}

/** The project that the root names; without the right to read it, nothing is said about it. */
async function readProject(
  cluster: Cluster,
  namespace: string,
  root: KubernetesObject | null,
): Promise<KubernetesObject | null> {
  const project = rootSchema.safeParse(root).data?.spec?.project
  if (!project) return null
  return cluster.read(argocdKinds.project, namespace, project).catch((error: unknown) => {
    if (error instanceof Stalled) return null
    throw error
  })
}

/**
 * Where each preview has a directory, an ApplicationSet makes an Application of each, called after the directory: the set finds
 * those that come and go, and each finds what was pushed to it.
 */
async function refreshSet(
  cluster: Cluster,
  { namespace, rootApplication }: RootOptions,
  names: ReadonlySet<string>,
): Promise<void> {
  const set = await cluster.annotate(argocdKinds.applicationSet, namespace, rootApplication, REFRESH_SET)
  if (set === 'missing') return
  const annotated = [...names].map((name) =>
    cluster.annotate(argocdKinds.application, namespace, `${name}.directory`, REFRESH),
  )
  await Promise.all(annotated).catch((error: unknown) => {
    if (!(error instanceof Stalled)) throw error
    const right = `patch applications.argoproj.io in namespace ${namespace}`
    throw new Stalled(`the cluster does not let Mayfly ${right}: give its account that right`, { right })
  })
}

/** Why the root Application, `name`, applies nothing; null: it does, or has a form that we do not know. Never throws. */
function argocdPause(name: string, root: KubernetesObject | null): string | null {
  const read = ArgocdApplication.safeParse(root)
  if (!read.success) return null
  const automated = read.data.spec.syncPolicy?.automated
  if (automated && automated.enabled !== false) return null
  return `the root Application \`${name}\` is paused: its automated sync is off, and nothing is applied until somebody turns it on or syncs it`
}
