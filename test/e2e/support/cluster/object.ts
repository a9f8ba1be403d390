import { z } from 'zod'

/** Any Kubernetes object; what is inside `spec` and `status` the reader parses. */
export const kubernetesObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
    finalizers: z.array(z.string()).optional(),
    creationTimestamp: z.string().optional(),
    deletionTimestamp: z.string().optional(),
  }),
})
export type KubernetesObject = z.infer<typeof kubernetesObject>

/** A kind as an object names it. */
export interface Kind {
  readonly apiVersion: string
  readonly kind: string
}

/** What of a kind is meant; without a namespace for what lives in none. */
export interface Name {
  readonly name: string
  readonly namespace?: string | undefined
}

export const kinds = {
  namespace: { apiVersion: 'v1', kind: 'Namespace' },
  node: { apiVersion: 'v1', kind: 'Node' },
  pod: { apiVersion: 'v1', kind: 'Pod' },
  configMap: { apiVersion: 'v1', kind: 'ConfigMap' },
  secret: { apiVersion: 'v1', kind: 'Secret' },
  serviceAccount: { apiVersion: 'v1', kind: 'ServiceAccount' },
  deployment: { apiVersion: 'apps/v1', kind: 'Deployment' },
  job: { apiVersion: 'batch/v1', kind: 'Job' },
  application: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' },
  applicationSet: { apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet' },
  appProject: { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject' },
  gitRepository: { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'GitRepository' },
  kustomization: { apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization' },
  helmRelease: { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease' },
  customResourceDefinition: { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
} as const satisfies Record<string, Kind>
