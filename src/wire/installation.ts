import type { Agent, KnownProjects } from '../agent/port.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import type { EnvironmentRepository } from '../environment-repository/port.ts'
import type { Forge } from '../forge/port.ts'
import { createProbe } from '../probe/create-probe.ts'
import { createTeardownTimes } from '../reconcile/teardown-times.ts'
import type { Probe } from '../probe/port.ts'
import type { Installation } from '../reconcile/installation.ts'
import { createReachability } from '../reconcile/reachability.ts'

/** The operator's decisions and the ports, as reconcile wants them. */
export function createInstallation(
  config: Config,
  ports: {
    readonly forges: ReadonlyMap<string, Forge>
    readonly repository: EnvironmentRepository
    readonly agent: Agent
    /** Absent: none are known. */
    readonly projects?: KnownProjects
    readonly clock: Clock
    /** Absent: one that keeps away from this machine. */
    readonly probe?: Probe | undefined
  },
): Installation {
  const { url, branch, directory, layout, templates, committer } = config.environmentRepository
  return {
    instance: config.instance,
    applications: config.applications,
    naming: config.names,
    policy: config.policy,
    environment: { url, branch, directory, layout, templates },
    agentNamespace: config.agent.kind === 'none' ? null : config.agent.namespace,
    committer: { login: 'mayfly', ...committer, bot: true },
    comment: config.report.comment,
    status: config.report.status,
    forges: ports.forges,
    repository: ports.repository,
    agent: ports.agent,
    projects: ports.projects ?? (() => null),
    teardownTimes: createTeardownTimes(),
    reachability: createReachability(ports.probe ?? createProbe({ clock: ports.clock })),
    clock: ports.clock,
  }
}
