import { argocdNamespace } from './cluster/argocd.ts'
import { fluxNamespace } from './cluster/flux.ts'
import type { Deed } from './cluster/may.ts'

/** What an account may do, and what it may not. */
export interface Rights {
  readonly allowed: readonly Deed[]
  readonly denied: readonly Deed[]
}

/** One deed for each verb. */
function each(verbs: readonly string[], deed: Omit<Deed, 'verb'>): readonly Deed[] {
  return verbs.map((verb) => ({ ...deed, verb }))
}

const read = ['get', 'list', 'watch']
const write = ['create', 'update', 'patch', 'delete', 'deletecollection']
const everywhere = [
  ...each(write, { resource: 'namespaces' }),
  ...each([...read, ...write], { resource: 'secrets' }),
  ...each(write, { resource: 'pods' }),
  ...each(write, { resource: 'deployments.apps' }),
  ...each(['create', 'bind', 'escalate'], { resource: 'clusterroles.rbac.authorization.k8s.io' }),
  { verb: 'impersonate', resource: 'serviceaccounts' },
]

/** Of Mayfly's account, with `explain` left out of account. */
export const argocdRights: Rights = {
  allowed: [
    ...each(read, { resource: 'applications.argoproj.io', namespace: argocdNamespace }),
    ...each(read, { resource: 'appprojects.argoproj.io', namespace: argocdNamespace }),
    { verb: 'patch', resource: 'applications.argoproj.io', namespace: argocdNamespace, name: 'previews' },
    ...each(read, { resource: 'namespaces' }),
  ],
  denied: [
    ...each(write, { resource: 'applications.argoproj.io', namespace: argocdNamespace }),
    ...each(write, { resource: 'appprojects.argoproj.io', namespace: argocdNamespace }),
    ...each(['delete', 'update'], {
      resource: 'applications.argoproj.io',
      namespace: argocdNamespace,
      name: 'previews',
    }),
    ...each(read, { resource: 'applications.argoproj.io', namespace: 'elsewhere' }),
    ...each(read, { resource: 'secrets', namespace: argocdNamespace }),
    ...each(read, { resource: 'configmaps', namespace: argocdNamespace }),
    ...everywhere,
  ],
}

const inArgocd = { namespace: argocdNamespace }
const applicationSets = { resource: 'applicationsets.argoproj.io', ...inArgocd }

/** With `layout: directories`. */
export const directoriesRights: Rights = {
  allowed: [
    ...argocdRights.allowed,
    { verb: 'patch', resource: 'applications.argoproj.io', ...inArgocd },
    ...each(['get', 'patch'], { ...applicationSets, name: 'previews' }),
  ],
  denied: [
    ...each(['create', 'update', 'delete'], { resource: 'applications.argoproj.io', ...inArgocd }),
    ...each(write, applicationSets),
    ...everywhere,
  ],
}

const inFlux = { namespace: fluxNamespace }
const kustomizations = { resource: 'kustomizations.kustomize.toolkit.fluxcd.io', ...inFlux }
const gitRepositories = { resource: 'gitrepositories.source.toolkit.fluxcd.io', ...inFlux }
const helmReleases = { resource: 'helmreleases.helm.toolkit.fluxcd.io', ...inFlux }
export const fluxRights: Rights = {
  allowed: [
    ...[kustomizations, gitRepositories, helmReleases].flatMap((deed) => each(read, deed)),
    { verb: 'patch', ...kustomizations, name: 'previews' },
    { verb: 'patch', ...gitRepositories, name: 'environments' },
    ...each(read, { resource: 'namespaces' }),
  ],
  denied: [
    ...[kustomizations, gitRepositories, helmReleases].flatMap((deed) => each(write, deed)),
    ...each(read, { resource: 'secrets', ...inFlux }),
    ...each(read, { resource: 'pods', ...inFlux }),
    ...everywhere,
  ],
}
