import type { Cluster } from './cluster/cluster.ts'
import { fluxGiteaSecret } from './cluster/gitea-credentials.ts'
import type { GiteaServer } from './gitea.ts'

export type AgentKind = 'argocd' | 'flux'

export const webhookSecret = 'canary-webhook-secret-of-e2e'

/** The starter that it uses. */
export const templates: Readonly<Record<AgentKind, string>> = {
  argocd: 'argocd-directory.yaml.hbs',
  flux: 'flux-kustomization.yaml.hbs',
}

/** Another application, with a repository of its own. */
export interface Neighbour {
  /** Put behind the name of the first one. */
  readonly suffix: string
  readonly more?: string
  /** In the place of the starter: a file of the templates directory. */
  readonly template?: string
}

export interface InstallationConfig {
  readonly kind: AgentKind
  readonly gitea: GiteaServer
  readonly cluster: Cluster
  /** Of the ServiceAccount that Mayfly runs with; absent: the administrator's. */
  readonly kubeconfig?: string
  readonly sweepEvery?: string
  /** More lines of the application. */
  readonly more?: string
  readonly beside?: readonly Neighbour[]
  /** More lines of the whole file. */
  readonly config?: string
}

/** The `mayfly.yaml` of an installation. */
export function configOf(
  {
    kind,
    gitea,
    cluster,
    kubeconfig,
    sweepEvery = '1m',
    more = '',
    beside = [],
    config = '',
  }: InstallationConfig,
  at: {
    readonly application: string
    readonly shop: string
    readonly environments: string
    readonly port: number
  },
): string {
  const all = [{ suffix: '', more }, ...beside].map((one) => applicationOf(kind, at, one))
  return `server: { host: 127.0.0.1, port: ${at.port} }
forges:
  - name: gitea
    kind: gitea
    url: ${gitea.url}
    token: ${gitea.bot.token}
    webhookSecret: ${webhookSecret}
environmentRepository:
  url: ${gitea.url}/${at.environments}.git
  token: ${gitea.bot.token}
  createBranch: true
  pushes: { perMinute: 6000, burst: 100 }
agent: { kind: ${kind}, kubeconfig: ${kubeconfig ?? cluster.kubeconfig} }
sweep: { every: ${sweepEvery} }
policy: { projects: [previews] }
${config}
applications:
${all.join('')}`
}

function applicationOf(
  kind: AgentKind,
  { application, shop }: { readonly application: string; readonly shop: string },
  { suffix, more = '', template = templates[kind] }: Neighbour,
): string {
  const values =
    kind === 'argocd'
      ? '{ project: previews }'
      : `{ overlay: ./deploy, gitSecret: ${fluxGiteaSecret}, serviceAccount: previews }`
  return `  - name: ${application}${suffix}
    forge: gitea
    repository: ${shop}${suffix}
    template: ${template}
    url: https://{{name}}.preview.acme.dev
    values: ${values}
    ${more}
`
}
