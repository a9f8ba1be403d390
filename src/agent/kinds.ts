import type { ObjectKind } from './cluster.ts'

/** Every kind of object that is looked at, by how the agents and Kubernetes name them. */
export const namespaceKind: ObjectKind = { api: 'v1', kind: 'Namespace', plural: 'namespaces' }

export const argocdKinds = {
  application: { api: 'argoproj.io/v1alpha1', kind: 'Application', plural: 'applications' },
  /** Makes an Application of each preview's directory, where each preview has one. */
  applicationSet: { api: 'argoproj.io/v1alpha1', kind: 'ApplicationSet', plural: 'applicationsets' },
  project: { api: 'argoproj.io/v1alpha1', kind: 'AppProject', plural: 'appprojects' },
} satisfies Record<string, ObjectKind>

export const fluxKinds = {
  kustomization: { api: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', plural: 'kustomizations' },
  helmRelease: { api: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', plural: 'helmreleases' },
  gitRepository: source('GitRepository', 'gitrepositories'),
  helmRepository: source('HelmRepository', 'helmrepositories'),
  ociRepository: source('OCIRepository', 'ocirepositories'),
} satisfies Record<string, ObjectKind>

export const workloadKinds = {
  deployments: { api: 'apps/v1', kind: 'Deployment', plural: 'deployments' },
  statefulSets: { api: 'apps/v1', kind: 'StatefulSet', plural: 'statefulsets' },
  daemonSets: { api: 'apps/v1', kind: 'DaemonSet', plural: 'daemonsets' },
  jobs: { api: 'batch/v1', kind: 'Job', plural: 'jobs' },
  pods: { api: 'v1', kind: 'Pod', plural: 'pods' },
  claims: { api: 'v1', kind: 'PersistentVolumeClaim', plural: 'persistentvolumeclaims' },
  events: { api: 'v1', kind: 'Event', plural: 'events' },
} satisfies Record<string, ObjectKind>

function source(kind: string, plural: string): ObjectKind {
  return { api: 'source.toolkit.fluxcd.io/v1', kind, plural }
}
