import { argocdNamespace } from './cluster/argocd.ts'
import { fluxNamespace } from './cluster/flux.ts'
import type { AgentKind } from './installation.ts'

/** A bad manifest that a human commits, and what it does beside good ones under the roots that the project ships. */
export interface BadManifest {
  readonly what: string
  readonly text: (kind: AgentKind, name: string) => string
  /** The agents that apply nothing at all any more. */
  readonly blocks: readonly AgentKind[]
  /** What Mayfly says of the root then, NAME for the name; absent where the agent itself says nothing. */
  readonly said: Partial<Readonly<Record<AgentKind, RegExp>>>
}

const homes = { argocd: argocdNamespace, flux: fluxNamespace }

function object(apiVersion: string, kind: string, metadata: string, more = ''): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { ${metadata} }\n${more}\n`
}

function configMap(kind: AgentKind, metadata: string, more = ''): string {
  return object('v1', 'ConfigMap', `namespace: ${homes[kind]}, ${metadata}`, more)
}

function kustomization(name: string, spec: string): string {
  const metadata = `namespace: ${fluxNamespace}, name: ${name}`
  return object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', metadata, `spec: { ${spec} }`)
}

export const badManifests: readonly BadManifest[] = [
  {
    what: 'malformed YAML',
    text: (_, name) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}\n`,
    blocks: ['argocd', 'flux'],
    said: { argocd: /ComparisonError.*NAME/, flux: /NAME/ },
  },
  {
    what: 'a kind that nobody defined',
    text: (kind, name) => object('acme.dev/v1', 'Gadget', `namespace: ${homes[kind]}, name: ${name}`),
    blocks: ['argocd', 'flux'],
    said: { argocd: /Gadget/, flux: /Gadget/ },
  },
  {
    what: 'an unknown field',
    // Of a ConfigMap Flux leaves it out too.
    text: (kind, name) =>
      kind === 'argocd'
        ? configMap(kind, `name: ${name}`, 'daata: { a: b }')
        : kustomization(
            name,
            'interval: 1h, prune: true, pathh: x, sourceRef: { kind: GitRepository, name: no }',
          ),
    blocks: ['flux'],
    said: { flux: /Kustomization.*NAME.*pathh/ },
  },
  {
    what: 'a wrong type',
    text: (kind, name) => configMap(kind, `name: ${name}`, 'data: [a]'),
    blocks: ['flux'],
    said: { argocd: /ConfigMap .*NAME/, flux: /ConfigMap.*NAME/ },
  },
  {
    what: 'a missing field',
    text: (kind, name) =>
      kind === 'argocd'
        ? object('argoproj.io/v1alpha1', 'Application', `namespace: argocd, name: ${name}`, 'spec: {}')
        : kustomization(name, ''),
    blocks: ['flux'],
    said: { argocd: /Application .*NAME/, flux: /Kustomization.*NAME/ },
  },
  {
    what: 'an invalid name',
    text: (kind, name) => configMap(kind, `name: ${name}_X`),
    blocks: ['flux'],
    said: { argocd: /ConfigMap .*NAME_X/, flux: /ConfigMap.*NAME_X/ },
  },
  {
    what: 'a label that is too long',
    text: (kind, name) => configMap(kind, `name: ${name}, labels: { a: ${'x'.repeat(64)} }`),
    blocks: ['flux'],
    said: { argocd: /ConfigMap .*NAME/, flux: /ConfigMap.*NAME/ },
  },
  {
    what: 'an invalid name of a Namespace',
    text: (_, name) => object('v1', 'Namespace', `name: preview-${name}_X`),
    blocks: ['flux'],
    said: { argocd: /Namespace .*NAME_X/, flux: /Namespace.*NAME_X/ },
  },
  {
    what: 'no kind',
    text: (_, name) => `apiVersion: v1\nmetadata: { name: ${name} }\n`,
    blocks: ['flux'],
    said: { flux: /kind/i },
  },
  {
    what: 'the same object in two files',
    // The inert one of apps/mayfly.yml.
    text: (kind) => configMap(kind, 'name: mayfly'),
    blocks: ['flux'],
    said: { argocd: /RepeatedResourceWarning/, flux: /mayfly/ },
  },
  {
    what: 'an object in a namespace that is not there',
    text: (_, name) => object('v1', 'ConfigMap', `namespace: preview-not-there, name: ${name}`),
    blocks: ['flux'],
    said: { argocd: /ConfigMap .*NAME/, flux: /ConfigMap.*NAME/ },
  },
]

/** What is said of a manifest of this name; null: nothing. */
export function saidOf({ said }: BadManifest, kind: AgentKind, name: string): RegExp | null {
  const words = said[kind]
  return words === undefined ? null : new RegExp(words.source.replace('NAME', name), words.flags)
}

/** What a template adds for a branch of the name: each a manifest that the agent would be held up by, or would not take. */
export const badAdditions: Readonly<Record<string, string>> = {
  malformed: 'apiVersion: v1\nkind: [ConfigMap',
  'unknown-kind': object('acme.dev/v1', 'Gadget', 'name: bad, namespace: {{namespace}}'),
  'unknown-field': object('v1', 'ConfigMap', 'name: bad, namespace: {{namespace}}', 'daata: { a: b }'),
  'wrong-type': object('v1', 'ConfigMap', 'name: bad, namespace: {{namespace}}', 'data: [a]'),
  'missing-field': object('argoproj.io/v1alpha1', 'Application', 'name: {{name}}-two', 'spec: {}'),
  'invalid-name': object('v1', 'ConfigMap', 'name: Not_Valid, namespace: {{namespace}}'),
  'long-label': object(
    'v1',
    'ConfigMap',
    `name: bad, namespace: {{namespace}}, labels: { a: ${'x'.repeat(64)} }`,
  ),
  'invalid-namespace': object('v1', 'Namespace', 'name: Not_Valid'),
  'no-kind': 'apiVersion: v1\nmetadata: { name: bad, namespace: {{namespace}} }',
  'inert-object': object('v1', 'ConfigMap', 'name: mayfly, namespace: argocd'),
  elsewhere: object('v1', 'ConfigMap', 'name: bad, namespace: preview-not-there'),
}
