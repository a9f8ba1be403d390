import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../src/metrics.ts'
import type { MetricsSources } from '../../src/metrics/gauges.ts'

const counts = {
  waiting: 0,
  deploying: 2,
  ready: 5,
  degraded: 0,
  failed: 1,
  refused: 0,
  removing: 0,
  removed: 3,
}

function metricsAt(start: string, sources: Partial<MetricsSources> = {}) {
  const time = { now: Date.parse(start) }
  const clock = { now: () => new Date(time.now), monotonicMs: () => time.now, sleep: () => Promise.resolve() }
  const queue = { waiting: 3, active: 1, delayed: 7, oldestWaitingMs: 1500, trouble: null }
  const defaults = {
    queue: () => Promise.resolve(queue),
    previews: () => counts,
    breakerHeld: () => false,
    forgeRefusals: () => [],
    agent: () => null,
    repositories: [],
  }
  return { time, queue, metrics: createMetrics(clock, { ...defaults, ...sources }) }
}

describe('metrics', () => {
  it('count what happened', async () => {
    const { metrics } = metricsAt('2026-11-21T10:42:00Z')
    metrics.webhook('github', 'taken')
    metrics.webhook('github', 'taken')
    metrics.webhook('gitea', 'bad-signature')
    metrics.reconcile('settled', 120)
    metrics.reconcile('retry', 30_000)
    metrics.push({ result: 'pushed', changes: 12, ms: 800 })
    metrics.forgeCall({
      forge: 'github',
      operation: 'read-merge-request',
      status: 200,
      ms: 90,
      remaining: 4999,
    })
    metrics.forgeCall({
      forge: 'github',
      operation: 'read-merge-request',
      status: null,
      ms: 9000,
      remaining: null,
    })
    const lines = (await metrics.text()).split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        'mayfly_webhooks_total{forge="github",answer="taken"} 2',
        'mayfly_webhooks_total{forge="gitea",answer="bad-signature"} 1',
        'mayfly_look_duration_seconds_count{outcome="settled"} 1',
        'mayfly_look_duration_seconds_sum{outcome="retry"} 30',
        'mayfly_push_duration_seconds_sum{result="pushed"} 0.8',
        'mayfly_push_changes_sum 12',
        'mayfly_forge_call_duration_seconds_count{forge="github",operation="read-merge-request",status="200"} 1',
        'mayfly_forge_call_duration_seconds_count{forge="github",operation="read-merge-request",status="none"} 1',
        'mayfly_forge_rate_limit_remaining{forge="github"} 4999',
      ]),
    )
  })

  it('read the gauges at each scrape', async () => {
    const { metrics, time } = metricsAt('2026-11-21T10:42:00Z', {
      repositories: ['acme/shop', 'acme/never'],
      breakerHeld: () => true,
      forgeRefusals: () => [{ forge: 'github', member: 'publishComment', repositories: 2 }],
    })
    time.now += 60_000
    metrics.sweepCompleted('acme/shop')
    time.now += 30_000
    expect((await metrics.text()).split('\n')).toEqual(
      expect.arrayContaining([
        'mayfly_queue_keys{state="waiting"} 3',
        'mayfly_queue_keys{state="delayed"} 7',
        'mayfly_queue_oldest_waiting_seconds 1.5',
        'mayfly_queue_trouble 0',
        'mayfly_previews{state="ready"} 5',
        'mayfly_breaker_held 1',
        'mayfly_forge_refusals{forge="github",member="publishComment"} 2',
        'mayfly_sweep_age_seconds{repository="acme/shop"} 30',
        'mayfly_sweep_age_seconds{repository="acme/never"} 90',
      ]),
    )
  })

  it.each([
    ['fails', () => Promise.reject(new Error('ECONNREFUSED'))],
    ['hangs', () => new Promise<never>(() => undefined)],
  ])('a queue that %s takes its own gauges away, not the others', async (_name, queue) => {
    const text = await metricsAt('2026-11-21T10:42:00Z', { queue }).metrics.text()
    expect(text).toContain('mayfly_queue_trouble 1')
    expect(text).not.toContain('mayfly_queue_keys{')
    expect(text).toContain('mayfly_previews{state="ready"} 5')
  })

  it('follow the conventions of Prometheus, with a help text each, and do not share a registry', async () => {
    const text = await metricsAt('2026-11-21T10:42:00Z').metrics.text()
    const ours = [...text.matchAll(/^# HELP (mayfly_\w+) (.*)$/gm)]
    expect(ours.length).toBeGreaterThan(10)
    for (const [, name = '', help = ''] of ours) {
      expect(name).toMatch(/^mayfly_[a-z_]+$/)
      expect(help.length).toBeGreaterThan(10)
    }
    expect(text).toContain('process_cpu_user_seconds_total')
    expect(() => metricsAt('2026-11-21T10:42:00Z')).not.toThrow()
  })

  it('tell of the agent, where one is watched', async () => {
    const agent = () => ({ synced: true, terminating: { held: 1, free: 2 } })
    const { metrics } = metricsAt('2026-11-21T10:42:00Z', { agent })
    const lines = (await metrics.text()).split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        'mayfly_agent_in_step 1',
        'mayfly_namespaces_terminating{held="true"} 1',
        'mayfly_namespaces_terminating{held="false"} 2',
      ]),
    )
    const away = metricsAt('2026-11-21T10:42:00Z', { agent: () => ({ synced: false, terminating: null }) })
    const text = await away.metrics.text()
    expect(text).toContain('\nmayfly_agent_in_step 0\n')
    expect(text).not.toContain('\nmayfly_namespaces_terminating{')
    expect(await metricsAt('2026-11-21T10:42:00Z').metrics.text()).not.toContain('\nmayfly_agent_in_step ')
  })
})
