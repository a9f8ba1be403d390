/**
 * Writes `src/render/schemas/*.json`: what the API server accepts of each kind, cut down to structure. Run it by hand
 * after an upgrade, `npx node scripts/generate-schemas.ts`; it needs Go (for `go mod download`) and the network.
 * HelmRelease comes from the types of `@kubernetes-models/flux-cd`, as its controller's module is not always served.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { schemaOfType } from './schema-of-type.ts'

type Json = Readonly<Record<string, unknown>>

const modules = {
  kubernetes: 'k8s.io/kubernetes@v1.34.2',
  argocd: 'github.com/argoproj/argo-cd/v3@v3.2.11',
  source: 'github.com/fluxcd/source-controller@v1.9.2',
  kustomize: 'github.com/fluxcd/kustomize-controller@v1.7.3',
  externalSecrets: 'github.com/external-secrets/external-secrets@v1.3.2',
  sealedSecrets: 'github.com/bitnami-labs/sealed-secrets@v0.40.0',
}

const crds: readonly (readonly [keyof typeof modules, string])[] = [
  ['argocd', 'manifests/crds/application-crd.yaml'],
  ['kustomize', 'config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml'],
  ['source', 'config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml'],
  ['source', 'config/crd/bases/source.toolkit.fluxcd.io_helmrepositories.yaml'],
  ['source', 'config/crd/bases/source.toolkit.fluxcd.io_ocirepositories.yaml'],
  ['externalSecrets', 'config/crds/bases/external-secrets.io_externalsecrets.yaml'],
  ['sealedSecrets', 'helm/sealed-secrets/crds/bitnami.com_sealedsecrets.yaml'],
]

const builtIn: readonly (readonly [string, string])[] = [
  ['v1', 'Namespace'],
  ['v1', 'ResourceQuota'],
  ['v1', 'LimitRange'],
  ['v1', 'ConfigMap'],
  ['v1', 'ServiceAccount'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
]

/** Parts that no manifest of a preview may hold: they are the server's, or start something behind our back. */
const leftOut: Readonly<Record<string, readonly string[]>> = {
  Application: ['operation'],
  Namespace: ['spec'],
}

/** What the API server checks of a HelmRelease and the types do not say, by the field's name. */
const duration = { type: 'string', pattern: '^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$' }
const helmReleaseDetails: Json = {
  interval: duration,
  timeout: duration,
  retryInterval: duration,
  releaseName: { type: 'string', minLength: 1, maxLength: 53 },
  targetNamespace: { type: 'string', minLength: 1, maxLength: 63 },
  storageNamespace: { type: 'string', minLength: 1, maxLength: 63 },
  crds: { type: 'string', enum: ['Skip', 'Create', 'CreateReplace'] },
  mode: { type: 'string', enum: ['enabled', 'warn', 'disabled'] },
}

const out = join(import.meta.dirname, '../src/render/schemas')

function generate(): void {
  mkdirSync(out, { recursive: true })
  for (const [apiVersion, kind] of builtIn) write(kind, { [apiVersion]: builtInSchema(apiVersion, kind) })
  for (const [module, file] of crds) {
    const crd = parse(readFileSync(join(folder(modules[module]), file), 'utf8')) as Crd
    const served = crd.spec.versions.filter(
      ({ served, deprecated }) => served !== false && deprecated !== true,
    )
    const entries = served.map((version): [string, Json] => [
      `${crd.spec.group}/${version.name}`,
      trimmed(crd.spec.names.kind, version.schema.openAPIV3Schema, {}),
    ])
    write(crd.spec.names.kind, Object.fromEntries(entries))
  }
  write('HelmRelease', { 'helm.toolkit.fluxcd.io/v2': helmRelease() })
  execFileSync('npx', ['biome', 'format', '--write', out], { stdio: 'inherit' })
}

interface Crd {
  readonly spec: {
    readonly group: string
    readonly names: { readonly kind: string }
    readonly versions: readonly {
      readonly name: string
      readonly served?: boolean
      readonly deprecated?: boolean
      readonly schema: { readonly openAPIV3Schema: Json }
    }[]
  }
}

function folder(module: string): string {
  const answer = execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8' })
  return (JSON.parse(answer) as { Dir: string }).Dir
}

function builtInSchema(apiVersion: string, kind: string): Json {
  const api = apiVersion.includes('/') ? `apis__${apiVersion.replace('/', '__')}` : `api__${apiVersion}`
  const file = join(folder(modules.kubernetes), 'api/openapi-spec/v3', `${api}_openapi.json`)
  const { components } = JSON.parse(readFileSync(file, 'utf8')) as {
    components: { schemas: Record<string, Json> }
  }
  const name = `io.k8s.api.${apiVersion.includes('/') ? 'networking' : 'core'}.v1.${kind}`
  return trimmed(kind, components.schemas[name] ?? {}, components.schemas)
}

/** The schema of an object without what every object has: `apiVersion`, `kind`, `metadata`, `status`. */
function trimmed(kind: string, schema: Json, shared: Readonly<Record<string, Json>>): Json {
  const omitted = ['apiVersion', 'kind', 'metadata', 'status', ...(leftOut[kind] ?? [])]
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Json>)
  const required = ((schema['required'] ?? []) as string[]).filter((name) => !omitted.includes(name))
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(
      properties
        .filter(([name]) => !omitted.includes(name))
        .map(([name, inner]) => [name, structure(inner, shared)]),
    ),
  }
}

const quantity = {
  intOrString: true,
  pattern: '^[+-]?([0-9]+|[0-9]+\\.[0-9]*|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$',
}

/** Structure only: no prose, no defaults, no CEL. Mappings are closed unless they say otherwise. */
function structure(schema: Json, shared: Readonly<Record<string, Json>>): Json {
  const shownElsewhere = schema['$ref'] ?? (schema['allOf'] as Json[] | undefined)?.[0]?.['$ref']
  if (typeof shownElsewhere === 'string') {
    const reference = shownElsewhere
    if (reference.endsWith('.resource.Quantity')) return quantity
    if (reference.endsWith('.intstr.IntOrString')) return { intOrString: true }
    return structure(shared[reference.slice(reference.lastIndexOf('/') + 1)] ?? {}, shared)
  }
  if (schema['x-kubernetes-int-or-string'] === true)
    return { intOrString: true, ...pick(schema, ['pattern']) }
  const free = schema['x-kubernetes-preserve-unknown-fields'] === true || schema['type'] === undefined
  return {
    ...pick(schema, [
      'type',
      'required',
      'enum',
      'pattern',
      'minLength',
      'maxLength',
      'minItems',
      'maxItems',
      'minimum',
      'maximum',
      'nullable',
    ]),
    ...(free && { free: true }),
    ...(schema['properties'] !== undefined && {
      properties: mapValues(schema['properties'] as Json, shared),
    }),
    ...(schema['items'] !== undefined && { items: structure(schema['items'] as Json, shared) }),
    ...additional(schema['additionalProperties'], shared),
  }
}

function additional(schema: unknown, shared: Readonly<Record<string, Json>>): Json {
  if (schema === undefined || schema === false) return {}
  return schema === true ? { free: true } : { additionalProperties: structure(schema as Json, shared) }
}

function mapValues(properties: Json, shared: Readonly<Record<string, Json>>): Json {
  return Object.fromEntries(
    Object.entries(properties).map(([name, inner]) => [name, structure(inner as Json, shared)]),
  )
}

function pick(schema: Json, names: readonly string[]): Json {
  return Object.fromEntries(
    names.filter((name) => schema[name] !== undefined).map((name) => [name, schema[name]]),
  )
}

function helmRelease(): Json {
  const file = '@kubernetes-models/flux-cd/helm.toolkit.fluxcd.io/v2/HelmReleaseSpec.d.ts'
  const spec = schemaOfType(
    join(import.meta.dirname, '../node_modules', file),
    'IComGithubFluxcdHelmControllerApiV2HelmReleaseSpec',
  ) as Json
  return { type: 'object', required: ['spec'], properties: { spec: refined(spec) } }
}

function refined(schema: Json): Json {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Json>)
  return {
    ...schema,
    ...(schema['type'] === 'number' && { type: 'integer' }),
    ...(schema['items'] !== undefined && { items: refined(schema['items'] as Json) }),
    ...(properties.length > 0 && {
      properties: Object.fromEntries(
        properties.map(([name, inner]) => [
          name,
          inner['type'] === 'string' ? (helmReleaseDetails[name] ?? inner) : refined(inner),
        ]),
      ),
    }),
  }
}

function write(kind: string, versions: Json): void {
  writeFileSync(join(out, `${kind}.json`), `${JSON.stringify(versions, null, 2)}\n`)
}

generate()
