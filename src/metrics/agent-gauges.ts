import { Gauge, type Registry } from 'prom-client'

/** What is measured of an agent that is watched. */
export interface AgentPulse {
  /** What is known of its cluster is not older than half a minute. */
  readonly synced: boolean
  /** Namespaces of previews on their way out, by whether something holds them; null: not known. */
  readonly terminating: { readonly held: number; readonly free: number } | null
}

/** `read` gives null where no agent is watched: then there are no such gauges. */
export function addAgentGauges(registry: Registry, read: () => AgentPulse | null): void {
  const registers = [registry]
  new Gauge({
    name: 'mayfly_agent_in_step',
    help: '1 while the cluster of the agent is followed, 0 when what is known of it is older than half a minute.',
    registers,
    collect() {
      this.reset()
      const pulse = read()
      if (pulse === null) this.remove()
      else this.set(pulse.synced ? 1 : 0)
    },
  })
  new Gauge({
    name: 'mayfly_namespaces_terminating',
    help: 'Namespaces of previews on their way out; held means that something keeps them, which does not end by itself.',
    labelNames: ['held'] as const,
    registers,
    collect() {
      this.reset()
      const terminating = read()?.terminating ?? null
      if (terminating === null) return
      this.set({ held: 'true' }, terminating.held)
      this.set({ held: 'false' }, terminating.free)
    },
  })
}
