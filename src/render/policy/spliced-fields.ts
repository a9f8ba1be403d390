/** Patterns of paths by kind. */
export type Fields = Readonly<Record<string, readonly string[]>>

export function fieldsOf(fields: Fields, kind: string): readonly string[] {
  return Object.hasOwn(fields, kind) ? (fields[kind] ?? []) : []
}

/** Fields whose text an agent puts into another text: a command line, a YAML file, a regular expression. */
export const splicedFields: Fields = {
  Application: sources([
    'path',
    'chart',
    'helm.releaseName',
    'helm.version',
    'helm.kubeVersion',
    'helm.apiVersions[]',
    'helm.valueFiles[]',
    'helm.fileParameters[].path',
    'kustomize.images[]',
    'kustomize.namePrefix',
    'kustomize.nameSuffix',
    'kustomize.commonLabels.*',
    'kustomize.commonAnnotations.*',
    'kustomize.components[]',
    'kustomize.patches[].target.*',
    'kustomize.replicas[].*',
    'kustomize.version',
    'kustomize.kubeVersion',
    'kustomize.apiVersions[]',
    'directory.include',
    'directory.exclude',
    // A plugin is any program.
    'plugin.parameters[].**',
    'plugin.env[].**',
  ]),
  Kustomization: [
    'spec.path',
    'spec.postBuild.substitute.*',
    'spec.images[].*',
    'spec.namePrefix',
    'spec.nameSuffix',
    'spec.components[]',
    'spec.patches[].target.*',
    'spec.commonMetadata.**',
  ],
  HelmRelease: [
    'spec.releaseName',
    'spec.chart.spec.chart',
    'spec.chart.spec.valuesFiles[]',
    'spec.postRenderers[].kustomize.images[].*',
    'spec.postRenderers[].kustomize.patches[].target.*',
    'spec.commonMetadata.**',
  ],
  GitRepository: ['spec.ignore', 'spec.sparseCheckout[]'],
  OCIRepository: ['spec.ignore'],
  // Their templates are programs.
  ExternalSecret: ['spec.**'],
  SealedSecret: ['spec.**'],
}

/** Revisions may hold any character that a branch may hold. */
export const revisionFields: Fields = {
  Application: sources(['targetRevision']),
  GitRepository: ['spec.ref.*'],
  OCIRepository: ['spec.ref.*'],
  HelmRelease: ['spec.chart.spec.version'],
}

/** Fields that decide about rights, or are programs: no value of a merge request at all. */
export const literalFields: Fields = {
  Application: [
    ...sources(['directory.jsonnet.**', 'helm.fileParameters[].name']),
    'spec.ignoreDifferences.**',
    'spec.syncPolicy.**',
  ],
  Kustomization: [
    'spec.serviceAccountName',
    'spec.decryption.**',
    'spec.healthCheckExprs.**',
    'spec.dependsOn[].readyExpr',
    'spec.postBuild.substituteFrom.**',
  ],
  HelmRelease: [
    'spec.serviceAccountName',
    'spec.valuesFrom.**',
    'spec.healthCheckExprs.**',
    'spec.dependsOn[].readyExpr',
  ],
  GitRepository: ['spec.secretRef.**', 'spec.proxySecretRef.**', 'spec.serviceAccountName', 'spec.verify.**'],
  HelmRepository: ['spec.secretRef.**', 'spec.certSecretRef.**', 'spec.accessFrom.**'],
  OCIRepository: [
    'spec.secretRef.**',
    'spec.certSecretRef.**',
    'spec.proxySecretRef.**',
    'spec.serviceAccountName',
    'spec.verify.**',
  ],
  ExternalSecret: ['spec.secretStoreRef.**'],
}

/** A dot in the name of a parameter makes a tree. */
export const parameterNames: Fields = { Application: sources(['helm.parameters[].name']) }
export const parameterValues: Fields = { Application: sources(['helm.parameters[].value']) }

/** The same field of the only source and of one of several. */
function sources(fields: readonly string[]): readonly string[] {
  return fields.flatMap((field) => [`spec.source.${field}`, `spec.sources[].${field}`])
}
