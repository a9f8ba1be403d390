import type { Agent, KnownProjects } from '../agent/port.ts'
import type { Clock } from '../pace/clock.ts'
import type { Layout } from '../environment-repository/manifest-path.ts'
import type { EnvironmentRepository } from '../environment-repository/port.ts'
import type { Conversation } from '../forge/conversation.ts'
import type { CommitChecks } from '../forge/commit-checks.ts'
import type { Forge } from '../forge/port.ts'
import type { Limits } from '../lifecycle/limits.ts'
import type { Application } from '../preview/application.ts'
import type { Author } from '../preview/merge-request.ts'
import type { Naming } from '../preview/name.ts'
import type { ImageRegistry } from '../registry/port.ts'
import type { Denials } from './denials.ts'
import type { GateWaits } from './gate-waits.ts'
import type { Reachability } from './reachability.ts'
import type { TeardownTimes } from './teardown-times.ts'

/** The operator's decisions, as far as a pass depends on them. */
export interface Settings {
  readonly instance: string
  readonly applications: readonly Application[]
  readonly naming: Naming
  readonly policy: PolicySettings
  readonly limits: Limits
  /** Null: comments are not read. */
  readonly commands: { readonly prefix: string; readonly allow: readonly string[] } | null
  /** Where manifests are written; `url` is part of what templates may deploy from. */
  readonly environment: {
    readonly url: string
    readonly branch: string
    readonly directory: string
    readonly layout: Layout
    readonly templates: string
  }
  /** Where the agent's own objects live; null when no agent is configured. */
  readonly agentNamespace: string | null
  /** Author of a commit about a merge request that no longer exists. */
  readonly committer: Author
  readonly author: 'merge-request' | 'committer'
  readonly comment: 'on' | 'failures-only' | 'off'
  readonly status: 'on' | 'off'
  /** Null: brief where strangers may read the source repository. */
  readonly details: 'full' | 'brief' | null
}

/** The operator's part of the output policy. */
export interface PolicySettings {
  readonly kinds: readonly string[]
  readonly projects: readonly string[] | null
  readonly repositories: readonly string[]
  readonly destinations: readonly string[]
  /** The same for commits that needed an approval. */
  readonly untrusted: Omit<PolicySettings, 'untrusted'>
}

/** The parts that a pass works with. */
export interface Ports {
  readonly forges: ReadonlyMap<string, Forge>
  readonly repository: EnvironmentRepository
  readonly agent: Agent
  /** Argo CD's projects: an Application must belong to one. */
  readonly projects: KnownProjects
  readonly checks: ReadonlyMap<string, CommitChecks>
  readonly conversations: ReadonlyMap<string, Conversation>
  readonly images: ImageRegistry
  readonly gateWaits: GateWaits
  readonly denials: Denials
  readonly teardownTimes: TeardownTimes
  readonly reachability: Reachability
  readonly clock: Clock
}
