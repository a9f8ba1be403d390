import { connectCluster } from '../agent/kubernetes/connect-cluster.ts'
import { type ClusterAgent, createAgent } from '../agent/create-agent.ts'
import { createNoAgent } from '../agent/no-agent.ts'
import type { Agent, KnownProjects } from '../agent/port.ts'
import type { Clock, Random } from '../pace/clock.ts'
import type { Config } from '../config/config.ts'
import type { Log } from '../log.ts'
import type { NetworkEnvironment } from '../network/proxy-for.ts'

export interface AgentParts {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly environment: NetworkEnvironment
  /** What a sandbox or a test puts in its place. */
  readonly override: Agent | undefined
}

export interface WiredAgent {
  readonly agent: Agent
  /** Sentences for people: what in the agent's set-up or in our rights makes trouble. */
  readonly warnings: () => readonly string[]
  readonly projects: KnownProjects
  /** Null: no agent is watched. */
  readonly health: () => ReturnType<ClusterAgent['health']> | null
}

/** The agent of a configuration. The Kubernetes client is loaded with the first request to the cluster, so never without one. */
export function createWiredAgent(config: Config, { override, ...parts }: AgentParts): WiredAgent {
  if (override !== undefined) return unwatched(override)
  if (config.agent.kind === 'none') return unwatched(createNoAgent())
  const { directory, branch } = config.environmentRepository
  const cluster = connectCluster({ ...parts, ...config.agent })
  const agent = createAgent({ ...parts, ...config.agent, cluster, directory, branch })
  return { agent, warnings: agent.lastWarnings, health: agent.health, projects: agent.projects }
}

function unwatched(agent: Agent): WiredAgent {
  return { agent, warnings: () => [], health: () => null, projects: () => null }
}
