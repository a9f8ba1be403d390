import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Observation } from '../../src/preview/observation.ts'
import { eventually } from '../support/eventually.ts'
import { createToldAgent, readyAtOnce } from '../support/recording-agent.ts'
import { createWorld, repository, type World } from '../support/world.ts'

const argocdTemplate = readFileSync(
  join(import.meta.dirname, '../../templates/argocd-directory.yaml.hbs'),
  'utf8',
)

const leaving = {
  kind: 'removing',
  why: 'acme.example/hold is on 1 configmaps',
  details: [],
  since: null,
} as const

describe('what people are told of what the agent says', () => {
  let world: World

  afterEach(() => world.close())

  function lastStatus() {
    return world.forge.state.repositories[0]?.statuses.at(-1)
  }

  it('one that degrades long after it was ready changes its comment and status, and one that heals too', async () => {
    const agent = createToldAgent()
    world = await createWorld({ overrides: { agent } })
    const number = world.open('cart')
    await world.says(number, 'Deploying', 'the agent has not picked it up yet')
    agent.tell(number, readyAtOnce)
    await world.says(number, 'Ready', 'https://shop-1-cart.preview.acme.dev', 'is running and healthy')
    await eventually(() => {
      expect(lastStatus()).toMatchObject({
        state: 'success',
        targetUrl: 'https://shop-1-cart.preview.acme.dev',
      })
    })
    agent.tell(number, ({ sha }) => ({
      kind: 'degraded',
      serving: sha,
      why: 'Deployment `web` is not available',
      details: ['Job `migrate` failed: Job has reached the specified backoff limit'],
      since: null,
    }))
    await world.says(number, 'Degraded', 'Deployment `web` is not available', '2 resources are not healthy')
    await eventually(() => {
      expect(lastStatus()).toMatchObject({ state: 'failure', targetUrl: world.page(number) })
    })
    agent.tell(number, readyAtOnce)
    await world.says(number, 'Ready')
    await eventually(() => {
      expect(lastStatus()).toMatchObject({ state: 'success' })
    })
  })

  it('law 12: after a push the older one that runs is called serving, never ready', async () => {
    const agent = createToldAgent()
    world = await createWorld({ overrides: { agent } })
    const number = world.open('cart')
    agent.tell(number, readyAtOnce)
    await world.says(number, 'Ready')
    const [first] = world.pull(number).commits
    if (first === undefined) throw new Error('no commit')
    agent.tell(number, { kind: 'ready', serving: first, since: null })
    const second = world.forge.actions.push(repository, number)
    await world.says(
      number,
      'Deploying',
      `Serving \`${first.slice(0, 7)}\`, deploying \`${second.slice(0, 7)}\``,
    )
    agent.tell(number, readyAtOnce)
    await world.says(number, 'Ready', second.slice(0, 7))
  })

  it('is removed only once all is gone; what holds it is told, and law 6: another process words no end anew', async () => {
    const agent = createToldAgent()
    world = await createWorld({ overrides: { agent } })
    const number = world.open('cart')
    agent.tell(number, readyAtOnce)
    await world.says(number, 'Ready')
    agent.tell(number, { ...leaving, held: true })
    world.forge.actions.setState(repository, number, 'merged')
    await world.says(number, 'Removing', 'acme.example/hold', 'never removes a finalizer')
    agent.tell(number, { kind: 'absent' })
    const last = await world.says(number, 'Removed', 'after the merge, namespace included')
    expect(last.split('\n').filter((line) => line !== '' && !line.startsWith('<!--'))).toHaveLength(1)
    await world.stop()
    const before = agent.asked.length
    await world.start()
    // The first sweep looks at it again, with what the new process knows.
    await eventually(() => {
      expect(agent.asked.length).toBeGreaterThan(before)
    })
    await world.says(world.open('marker'), 'Deploying')
    expect(world.comments(number)).toEqual([last])
  })

  it('a merge request reopened while its old namespace is still there waits, and says for what', async () => {
    const agent = createToldAgent()
    world = await createWorld({ overrides: { agent } })
    const number = world.open('cart')
    agent.tell(number, readyAtOnce)
    await world.says(number, 'Ready')
    const held: Observation = { ...leaving, held: true }
    agent.tell(number, held)
    world.forge.actions.setState(repository, number, 'closed')
    await world.says(number, 'Removing')
    world.forge.actions.setState(repository, number, 'open')
    await world.says(number, 'Waiting', 'the old namespace `preview-shop-1-cart` is still there', 'finalizer')
    await world.manifests([])
    // The comment is written first.
    await eventually(() => {
      expect(lastStatus()).toMatchObject({ state: 'pending' })
    })
    agent.tell(number, readyAtOnce)
    await world.manifests(['shop-1-cart.yml'])
    await world.says(number, 'Ready')
  })

  it('a manifest that somebody deleted comes back once the agent has taken the old preview away, not into its end', async () => {
    const agent = createToldAgent()
    world = await createWorld({ overrides: { agent }, sweepEvery: '300ms' })
    const number = world.open('cart')
    agent.tell(number, readyAtOnce)
    await world.says(number, 'Ready')
    const stillThere: Observation = { ...leaving, held: false }
    agent.tell(number, (subject) => (subject.sha === null ? stillThere : readyAtOnce(subject)))
    await world.says(number, 'Ready')
    await world.branch.commitForeign({ 'apps/shop-1-cart.yml': null })
    await world.says(number, 'Waiting', 'the old namespace `preview-shop-1-cart` is still there')
    await world.manifests([])
    agent.tell(number, readyAtOnce)
    await world.manifests(['shop-1-cart.yml'])
    await world.says(number, 'Ready')
  })

  it('law 11: an Application of a project that Argo CD does not have is refused, because nobody could ever delete it', async () => {
    const projects = new Set(['other'])
    const overrides = { agent: createToldAgent(), projects: () => projects }
    world = await createWorld({ overrides, sweepEvery: '300ms', template: argocdTemplate })
    const number = world.open('cart')
    await world.says(number, 'Refused', 'project that Argo CD does not have')
    await world.manifests([])
    projects.add('previews')
    await world.manifests(['shop-1-cart.yml'])
  })
})
