import type { Agent, KnownProjects } from '../agent/port.ts'
import type { Clock } from '../clock.ts'
import type { Layout } from '../environment-repository/manifest-path.ts'
import type { EnvironmentRepository } from '../environment-repository/port.ts'
import type { Forge } from '../forge/port.ts'
import type { Application } from '../preview/application.ts'
import type { Author } from '../preview/merge-request.ts'
import type { Naming } from '../preview/name.ts'
import type { TeardownTimes } from './teardown-times.ts'
import type { Reachability } from './reachability.ts'

/** What every look needs: the ports, and the operator's decisions. */
export interface Installation {
  readonly instance: string
  readonly applications: readonly Application[]
  readonly naming: Naming
  readonly policy: PolicyRules
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
  readonly comment: 'on' | 'failures-only' | 'off'
  readonly status: 'on' | 'off'
  readonly forges: ReadonlyMap<string, Forge>
  readonly repository: EnvironmentRepository
  readonly agent: Agent
  /** Of Argo CD, which an Application must have one of. */
  readonly projects: KnownProjects
  readonly teardownTimes: TeardownTimes
  readonly reachability: Reachability
  readonly clock: Clock
}

/** The operator's part of the output policy. */
export interface PolicyRules {
  readonly kinds: readonly string[]
  readonly projects: readonly string[] | null
  readonly repositories: readonly string[]
  readonly destinations: readonly string[]
}
