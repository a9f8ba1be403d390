import { join } from 'node:path'
import { buildGoModule, type GoModule, goModuleSources } from '../go-module.ts'

const kubernetesVersion = ['gitVersion=v1.34.2', 'gitMajor=1', 'gitMinor=34']
  .map((setting) => `-X k8s.io/component-base/version.${setting}`)
  .join(' ')

const common = { env: { CGO_ENABLED: '0' }, renamed: {} }

const cluster: GoModule = {
  ...common,
  folder: 'cluster',
  about: 'Kubernetes and Argo CD',
  minutes: 6,
  programs: [
    'kube-apiserver',
    'kube-controller-manager',
    'kube-scheduler',
    'kubectl',
    'helm',
    'kustomize',
    'argocd',
  ],
  args: ['-ldflags', `-s -w ${kubernetesVersion}`],
  renamed: { cmd: 'argocd' },
}

/** A module of its own: it needs an older client library. */
const kwok: GoModule = {
  ...common,
  folder: 'kwok',
  about: 'kwok',
  minutes: 2,
  programs: ['kwok'],
  args: ['-ldflags', '-s -w'],
}

const fluxSource: GoModule = {
  ...common,
  folder: 'flux-source',
  about: "Flux's source-controller",
  minutes: 3,
  programs: ['source-controller'],
  args: ['-ldflags', '-s -w'],
}

const fluxKustomize: GoModule = {
  ...common,
  folder: 'flux-kustomize',
  about: "Flux's kustomize-controller",
  minutes: 3,
  programs: ['kustomize-controller'],
  args: ['-ldflags', '-s -w'],
}

/** Where the built programs lie, and the sources whose manifests are read at run time. */
export interface ClusterBuild {
  /** kube-apiserver, kubectl, helm, argocd and so on. */
  readonly programs: string
  readonly kwok: string
  readonly argocdSources: string
  readonly fluxSource: { readonly program: string; readonly sources: string }
  readonly fluxKustomize: { readonly program: string; readonly sources: string }
}

/** Builds what is missing, one module after the other: `go build` uses every core by itself. */
export async function buildCluster(): Promise<ClusterBuild> {
  const programs = await buildGoModule(cluster)
  return {
    programs,
    kwok: join(await buildGoModule(kwok), 'kwok'),
    argocdSources: await goModuleSources(cluster, 'github.com/argoproj/argo-cd/v3'),
    fluxSource: await fluxController(fluxSource, 'source-controller'),
    fluxKustomize: await fluxController(fluxKustomize, 'kustomize-controller'),
  }
}

async function fluxController(module: GoModule, name: string): Promise<ClusterBuild['fluxSource']> {
  const program = join(await buildGoModule(module), name)
  return { program, sources: await goModuleSources(module, `github.com/fluxcd/${name}`) }
}
