import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/pace/clock.ts'
import { createProbe } from '../../src/probe/create-probe.ts'
import { eventually } from '../support/eventually.ts'
import { startHttpServer, type TestServer } from '../support/http-server.ts'
import { createToldAgent, readyAtOnce } from '../support/recording-agent.ts'
import { createWorld, repository, type World } from '../support/world.ts'

describe('a preview that is probed', () => {
  const test: { world?: World; server?: TestServer } = {}

  afterEach(async () => {
    await test.world?.close()
    await test.server?.close()
  })

  /** Every preview is at one server here, whatever it is called; `asked` are the paths that were asked for. */
  async function begin() {
    const state = { status: 503, asked: [] as string[] }
    const server = await startHttpServer(({ url }, response) => {
      state.asked.push(url ?? '')
      response.writeHead(state.status).end()
    })
    test.server = server
    const { port } = new URL(server.url)
    const agent = createToldAgent()
    const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }])
    const probe = createProbe({ clock: systemClock, allowed: ['127.0.0.1'], resolve })
    const world = await createWorld({
      overrides: { agent, probe },
      url: `http://{{name}}.preview.acme.dev:${port}`,
      application: 'probe: { path: /healthz }',
    })
    test.world = world
    return { state, agent, world }
  }

  it('is ready only once its URL answers, and is not asked again while it runs', async () => {
    const { state, agent, world } = await begin()
    const number = world.open('cart')
    await world.says(number, 'Deploying')
    expect(state.asked).toEqual([])
    agent.tell(number, readyAtOnce)
    await world.says(number, 'Deploying', 'running, but', 'does not answer yet: 503')
    expect(world.forge.state.repositories[0]?.statuses.map(({ state }) => state)).not.toContain('success')
    state.status = 200
    // Nobody hints: the schedule brings it back.
    await world.says(number, 'Ready', 'is running and healthy')
    expect(new Set(state.asked)).toEqual(new Set(['/healthz']))
    state.status = 503
    const before = { probes: state.asked.length, reconciles: agent.asked.length }
    agent.tell(number, readyAtOnce)
    await eventually(() => {
      expect(agent.asked.length).toBeGreaterThan(before.reconciles)
    })
    await world.says(world.open('marker'), 'Deploying')
    await world.says(number, 'Ready')
    expect(state.asked).toHaveLength(before.probes)
  })

  it('law 12: is asked anew for each commit', async () => {
    const { state, agent, world } = await begin()
    state.status = 200
    const number = world.open('cart')
    agent.tell(number, readyAtOnce)
    await world.says(number, 'Ready')
    state.status = 500
    const sha = world.forge.actions.push(repository, number)
    await world.says(number, 'Deploying', sha.slice(0, 7), 'does not answer yet: 500')
    state.status = 200
    await world.says(number, 'Ready', sha.slice(0, 7))
  })
})
