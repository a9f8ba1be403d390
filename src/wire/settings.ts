import type { Config } from '../config/config.ts'
import type { ForgeClient } from '../forge/clients.ts'
import { createProbe } from '../probe/create-probe.ts'
import type { Probe } from '../probe/port.ts'
import { createDenials } from '../reconcile/denials.ts'
import { createGateWaits } from '../reconcile/gate-waits.ts'
import { rememberPermissions } from '../reconcile/permissions.ts'
import { createReachability } from '../reconcile/reachability.ts'
import type { Ports, Settings } from '../reconcile/settings.ts'
import { createTeardownTimes } from '../reconcile/teardown-times.ts'

/** The operator's decisions, as reconcile wants them. */
export function createSettings(config: Config): Settings {
  const { url, branch, directory, layout, templates, committer, author } = config.environmentRepository
  return {
    instance: config.instance,
    applications: config.applications,
    naming: config.names,
    policy: config.policy,
    limits: config.limits,
    commands: config.commands,
    environment: { url, branch, directory, layout, templates },
    agentNamespace: config.agent.kind === 'none' ? null : config.agent.namespace,
    committer: { login: 'mayfly', ...committer, bot: true },
    author,
    comment: config.report.comment,
    status: config.report.status,
    details: config.report.details,
  }
}

/** The ports of a pass, with what this process remembers of previews. `probe` absent: one that keeps away from this machine. */
export function createPorts({
  probe,
  ...ports
}: Omit<
  Ports,
  'forges' | 'checks' | 'conversations' | 'teardownTimes' | 'reachability' | 'gateWaits' | 'denials'
> & {
  readonly forges: ReadonlyMap<string, ForgeClient>
  readonly probe?: Probe | undefined
}): Ports {
  return {
    ...ports,
    checks: ports.forges,
    conversations: new Map(
      [...ports.forges].map(([name, forge]) => [name, rememberPermissions(forge, ports.clock)]),
    ),
    gateWaits: createGateWaits(ports.clock),
    denials: createDenials(ports.clock),
    teardownTimes: createTeardownTimes(),
    reachability: createReachability(probe ?? createProbe({ clock: ports.clock })),
  }
}
