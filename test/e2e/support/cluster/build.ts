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
  minutes: 7,
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

/** Of one generation of client libraries, newer than that of the cluster. */
const controllers: GoModule = {
  ...common,
  folder: 'controllers',
  about: "Flux's controllers and kwok",
  minutes: 4,
  programs: ['source-controller', 'kustomize-controller', 'kwok'],
  args: ['-ldflags', '-s -w'],
}

/** Of another generation than Flux's other controllers. */
const helm: GoModule = {
  ...common,
  folder: 'helm',
  about: "Flux's helm-controller",
  minutes: 2,
  programs: ['helm-controller'],
  args: ['-ldflags', '-s -w'],
}

/** Where the built programs lie, and the sources whose manifests are read at run time. */
export interface ClusterBuild {
  /** kube-apiserver, kubectl, helm, argocd and so on. */
  readonly programs: string
  readonly kwok: string
  readonly argocdSources: string
  readonly fluxSource: FluxController
  readonly fluxKustomize: FluxController
  readonly fluxHelm: FluxController
}

interface FluxController {
  readonly program: string
  readonly sources: string
}

/** Builds what is missing, one module after the other: `go build` uses every core by itself. */
export async function buildCluster(): Promise<ClusterBuild> {
  const programs = await buildGoModule(cluster)
  const controllerPrograms = await buildGoModule(controllers)
  const controller = async (name: string, module = controllers): Promise<FluxController> => ({
    program: join(await buildGoModule(module), name),
    sources: await goModuleSources(module, `github.com/fluxcd/${name}`),
  })
  return {
    programs,
    kwok: join(controllerPrograms, 'kwok'),
    argocdSources: await goModuleSources(cluster, 'github.com/argoproj/argo-cd/v3'),
    fluxSource: await controller('source-controller'),
    fluxKustomize: await controller('kustomize-controller'),
    fluxHelm: await controller('helm-controller', helm),
  }
}
