import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { argocdKinds, namespaceKind, workloadKinds } from '../../src/agent/kinds.ts'
import type { Agent } from '../../src/agent/port.ts'
import { systemClock } from '../../src/pace/clock.ts'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'
import { argocdObjects } from '../support/agent-objects.ts'
import { type ApiServer, startApiServer, type StoredObject } from '../support/api-server.ts'
import { eventually } from '../support/eventually.ts'
import { createToldAgent, readyAtOnce, type ToldAgent } from '../support/recording-agent.ts'
import { createWorld, repository, type World } from '../support/world.ts'

let world: World

afterEach(() => world.close())

async function readyz(): Promise<{ status: number; warnings: readonly string[] }> {
  const answer = await fetch(`${world.mayfly().url}/readyz`)
  const { warnings } = (await answer.json()) as { warnings: readonly string[] }
  return { status: answer.status, warnings }
}

describe('an agent in a cluster', () => {
  let server: ApiServer

  beforeEach(async () => {
    server = await startApiServer([...Object.values({ ...argocdKinds, ...workloadKinds }), namespaceKind])
  })

  afterEach(() => server.close())

  function following(more = ''): Promise<World> {
    return createWorld({ config: `agent: { kind: argocd, kubeconfig: ${server.kubeconfig}${more} }` })
  }

  /** As the agent brings it into the cluster. */
  function put(plural: string, object: StoredObject): void {
    const annotations = { ...object.metadata.annotations, 'mayfly.dev/preview': 'shop/1' }
    server.put(plural, { ...object, metadata: { ...object.metadata, annotations } })
  }

  it('is followed until the preview is ready, and until its namespace is gone', async () => {
    world = await following()
    const number = world.open('cart')
    await world.says(number, 'Deploying', 'the agent has not picked it up yet')
    const [sha = ''] = world.pull(number).commits
    const [application] = argocdObjects.ready(sha)
    const labels = { 'app.kubernetes.io/managed-by': 'mayfly' }
    put('namespaces', { metadata: { name: 'preview-shop-1-cart', labels } })
    put('applications', application as StoredObject)
    await world.says(number, 'Ready', 'https://shop-1-cart.preview.acme.dev')
    world.forge.actions.setState(repository, number, 'merged')
    await world.says(number, 'Removing')
    server.remove('applications', 'argocd', application?.metadata.name ?? '')
    await world.says(number, 'Removing', 'the namespace has not been deleted yet')
    server.remove('namespaces', null, 'preview-shop-1-cart')
    await world.says(number, 'Removed')
  })

  it('is told of a push', async () => {
    server.put('applications', { metadata: { name: 'previews', namespace: 'argocd' } })
    world = await following()
    world.open('cart')
    await world.manifests(['shop-1-cart.yml'])
    await eventually(() => {
      const root = server.get('applications', 'argocd', 'previews')
      expect(root?.metadata.annotations).toEqual({ 'argocd.argoproj.io/refresh': 'normal' })
    })
  })

  it('that is away at the start stops nothing, and the warning says so once', async () => {
    world = await following(', context: elsewhere')
    const number = world.open('cart')
    await world.manifests(['shop-1-cart.yml'])
    await world.says(number, 'Deploying', 'the cluster does not answer')
    await eventually(async () => {
      expect(await readyz()).toEqual({
        status: 200,
        warnings: ['the cluster is not followed: the API server does not answer (ECONNREFUSED)'],
      })
    })
    const warned = world.log.lines.filter(({ sentence }) => sentence === 'the agent needs attention')
    expect(warned).toHaveLength(1)
  })
})

describe('law 2: an agent that cannot be asked', () => {
  let told: ToldAgent
  const trouble: { error: Error | null } = { error: null }

  beforeEach(async () => {
    told = createToldAgent()
    trouble.error = null
    const agent: Agent = {
      ...told,
      observe: async (subject) => {
        if (trouble.error !== null) throw trouble.error
        return told.observe(subject)
      },
    }
    world = await createWorld({ overrides: { agent } })
  })

  it('undoes and repeats nothing of a push, and the report goes out', async () => {
    const number = world.open('cart')
    told.tell(number, readyAtOnce)
    await world.says(number, 'Ready')
    trouble.error = new RetryLater('the API server does not answer (ECONNREFUSED)')
    const pushed = world.forge.actions.push(repository, number)
    await world.says(number, 'Deploying', 'the cluster does not answer', pushed.slice(0, 7))
    const commits = await world.branch.commits()
    expect(commits.map(({ subject }) => subject).slice(-2)).toEqual([
      expect.stringMatching(/^preview shop-1-cart: create/),
      expect.stringMatching(/^preview shop-1-cart: update/),
    ])
    trouble.error = null
    told.tell(number, readyAtOnce)
    await world.says(number, 'Ready')
    expect(await world.branch.commits()).toHaveLength(commits.length)
  })

  it('is never taken for the end of a preview', async () => {
    const number = world.open('cart')
    told.tell(number, readyAtOnce)
    await world.says(number, 'Ready')
    trouble.error = new RetryLater('the API server does not answer (ECONNREFUSED)')
    world.forge.actions.setState(repository, number, 'merged')
    await world.manifests([])
    await world.says(number, 'Removing', 'the cluster does not answer')
    trouble.error = null
    told.tell(number, { kind: 'absent' })
    const last = await world.says(number, 'Removed')
    // Nobody saw when it went.
    expect(last).not.toContain('after the merge')
  })

  it('for want of a right names the missing rule', async () => {
    const right = 'list applications.argoproj.io in namespace argocd'
    trouble.error = new Stalled(`the cluster does not let Mayfly ${right}`, { right })
    const number = world.open('cart')
    await world.says(number, 'Deploying', 'list `applications.argoproj.io` in namespace argocd')
    await world.manifests(['shop-1-cart.yml'])
  })
})

describe('a namespace that no manifest owned', () => {
  it('is waited for while an agent may still delete it, and taken over when nobody does', async () => {
    const told = createToldAgent()
    let minutes = 0
    const clock = {
      ...systemClock,
      now: () => new Date(Date.now() + minutes * 60_000),
    }
    world = await createWorld({ overrides: { agent: told, clock } })
    const number = world.open('cart')
    told.tell(number, readyAtOnce)
    await world.says(number, 'Ready')
    const stays = {
      kind: 'removing',
      why: 'it is still there',
      details: [],
      held: false,
      since: null,
    } as const
    told.tell(number, ({ sha }) => (sha === null ? stays : { kind: 'ready', serving: sha, since: null }))
    world.forge.actions.setState(repository, number, 'closed')
    await world.says(number, 'Removing')
    world.forge.actions.setState(repository, number, 'open')
    await world.says(number, 'Waiting', 'it is still there')
    minutes = 5
    world.forge.actions.push(repository, number)
    await world.manifests(['shop-1-cart.yml'])
    await world.says(number, 'Ready')
  })
})
