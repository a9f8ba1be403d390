import type { ForgeKindName } from '../forge/kinds.ts'
import type { Application } from '../preview/application.ts'
import type { Limits } from '../lifecycle/limits.ts'
import type { Secret } from './secret.ts'

/** The configuration, normalised and frozen: durations in ms, sizes in bytes, defaults filled in, secrets wrapped. */
export interface Config {
  /** Tells two installations on one repository apart; part of the comment's marker. */
  readonly instance: string
  readonly server: ServerConfig
  readonly queue: QueueConfig
  readonly forges: readonly ForgeConfig[]
  readonly environmentRepository: EnvironmentRepositoryConfig
  readonly agent: AgentConfig
  readonly sweep: { readonly everyMs: number }
  readonly report: ReportConfig
  readonly names: NamesConfig
  readonly policy: PolicyConfig
  readonly limits: Limits
  /** Whether ends are carried out while the branch is paused. */
  readonly removalsWhilePaused: boolean
  /** Null: comments are not read. */
  readonly commands: CommandsConfig | null
  readonly registries: readonly RegistryConfig[]
  /** Path of a Docker `config.json`; null: none. */
  readonly dockerConfig: string | null
  readonly applications: readonly Application[]
}

export interface CommandsConfig {
  readonly prefix: string
  /** Logins that count as writers where the forge does not tell. */
  readonly allow: readonly string[]
}

export interface RegistryConfig {
  readonly host: string
  readonly username: string | null
  readonly password: Secret | null
  /** Other hosts that may be told the password. */
  readonly realms: readonly string[]
  readonly plainHttp: boolean
}

export interface ServerConfig {
  readonly host: string
  readonly port: number
  /** Where people reach Mayfly; null when nobody said. */
  readonly publicUrl: string | null
  /** Largest webhook body in bytes, inclusive. */
  readonly maxBody: number
  /** Null: `/metrics` is on the main port. */
  readonly metricsPort: number | null
}

export interface QueueConfig {
  /** Null: in-process. */
  readonly redis: Secret | null
  readonly prefix: string
  /** Looks at once in this process. */
  readonly concurrency: number
}

export interface ForgeConfig {
  /** Also the last part of its webhook's path. */
  readonly name: string
  readonly kind: ForgeKindName
  /** Without a trailing slash. */
  readonly url: string
  /** Base of the REST API, without a trailing slash. */
  readonly api: string
  readonly token: Secret | null
  readonly app: { readonly id: string; readonly privateKey: Secret } | null
  /** One, or several while rotating; each at least 16 characters. */
  readonly webhookSecrets: readonly Secret[]
}

export interface EnvironmentRepositoryConfig {
  readonly url: string
  readonly branch: string
  /** Without slashes at the ends. */
  readonly directory: string
  readonly layout: 'files' | 'directories'
  readonly templates: string
  readonly token: Secret | null
  /** User name beside the token in HTTP basic; the default suits GitHub, GitLab and Gitea. */
  readonly username: string
  /** Path of a private key for ssh; null: the ssh agent. */
  readonly sshKey: string | null
  readonly createBranch: boolean
  readonly committer: { readonly name: string; readonly email: string }
  /** Who is the author of a commit about a merge request. */
  readonly author: 'merge-request' | 'committer'
  readonly pushes: { readonly perMinute: number; readonly burst: number }
}

export type AgentConfig =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'argocd' | 'flux'
      readonly namespace: string
      readonly rootApplication: string
      /** A path, or `in-cluster`. */
      readonly kubeconfig: string
      /** Null: the kubeconfig's current one. */
      readonly context: string | null
    }

export interface ReportConfig {
  readonly comment: 'on' | 'failures-only' | 'off'
  readonly status: 'on' | 'off'
  /** Null: brief where strangers may read the source repository. */
  readonly details: 'full' | 'brief' | null
}

export interface NamesConfig {
  readonly namespacePrefix: string
  /** Most characters of a name, and of a namespace. */
  readonly budget: number
}

/** What a rendered manifest may contain. */
export interface PolicyConfig {
  readonly kinds: readonly string[]
  /** Argo CD projects by glob; null: any. Never `default`. */
  readonly projects: readonly string[] | null
  /** Repository URLs by glob, beside the environment repository and the application's own. */
  readonly repositories: readonly string[]
  /** Clusters by server URL or name. */
  readonly destinations: readonly string[]
  /** The same for commits that needed an approval. */
  readonly untrusted: Omit<PolicyConfig, 'untrusted'>
}
