import application from '../schemas/Application.json' with { type: 'json' }
import configMap from '../schemas/ConfigMap.json' with { type: 'json' }
import externalSecret from '../schemas/ExternalSecret.json' with { type: 'json' }
import gitRepository from '../schemas/GitRepository.json' with { type: 'json' }
import helmRelease from '../schemas/HelmRelease.json' with { type: 'json' }
import helmRepository from '../schemas/HelmRepository.json' with { type: 'json' }
import kustomization from '../schemas/Kustomization.json' with { type: 'json' }
import limitRange from '../schemas/LimitRange.json' with { type: 'json' }
import namespace from '../schemas/Namespace.json' with { type: 'json' }
import networkPolicy from '../schemas/NetworkPolicy.json' with { type: 'json' }
import ociRepository from '../schemas/OCIRepository.json' with { type: 'json' }
import resourceQuota from '../schemas/ResourceQuota.json' with { type: 'json' }
import sealedSecret from '../schemas/SealedSecret.json' with { type: 'json' }
import serviceAccount from '../schemas/ServiceAccount.json' with { type: 'json' }
import type { Schema } from './schema.ts'

/** Schemas by kind and `apiVersion`; data from `scripts/generate-schemas.ts`. */
const schemas: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  Application: application,
  ConfigMap: configMap,
  ExternalSecret: externalSecret,
  GitRepository: gitRepository,
  HelmRelease: helmRelease,
  HelmRepository: helmRepository,
  Kustomization: kustomization,
  LimitRange: limitRange,
  Namespace: namespace,
  NetworkPolicy: networkPolicy,
  OCIRepository: ociRepository,
  ResourceQuota: resourceQuota,
  SealedSecret: sealedSecret,
  ServiceAccount: serviceAccount,
}

/** The schemas of a kind by `apiVersion`; undefined for a kind that is not built in. */
export function schemasOf(kind: string): Readonly<Record<string, Schema>> | undefined {
  return Object.hasOwn(schemas, kind) ? schemas[kind] : undefined
}
