import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ClusterAgent, createAgent } from '../../src/agent/create-agent.ts'
import type { Subject } from '../../src/agent/port.ts'
import { commitSha } from '../../src/preview/brand.ts'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'
import { mergeRequestKey } from '../../src/preview/key.ts'
import { previewId } from '../../src/preview/preview-id.ts'
import {
  argocdObjects,
  fluxObjects,
  heldByAFinalizer,
  leaving,
  name,
  namespace,
  namespaceObject,
  shaA,
  shaB,
} from '../support/agent-objects.ts'
import { createCapturedLog } from '../support/captured-log.ts'
import { createStandInCluster, type StandInCluster, type TestObject } from '../support/stand-in-cluster.ts'
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts'

const preview = previewId('shop', 142)
const key = mergeRequestKey({ forge: 'github', repository: 'acme/shop', number: 142 })

function subject(sha: string | null): Subject {
  return { preview, key, name, namespace, sha: sha === null ? null : commitSha(sha) }
}

describe.each([argocdObjects, fluxObjects])('an agent of the kind $kind', (objects) => {
  let there: StandInCluster
  let clock: VirtualClock
  let agent: ClusterAgent

  beforeEach(() => {
    there = createStandInCluster()
    clock = createVirtualClock()
    for (const object of objects.root) there.put(object)
    agent = open()
  })

  afterEach(() => agent.close())

  function open(): ClusterAgent {
    return createAgent({
      kind: objects.kind,
      namespace: objects.home,
      rootApplication: 'previews',
      directory: 'apps',
      branch: 'dynamic-envs',
      cluster: there.cluster,
      clock,
      log: createCapturedLog(),
    })
  }

  function put(...some: readonly TestObject[]): void {
    for (const object of some) there.put(object)
  }

  function removeAll(some: readonly TestObject[]): void {
    for (const { kind, metadata } of some) there.remove(kind, metadata.namespace ?? null, metadata.name)
  }

  describe('what runs', () => {
    it('is nothing before the agent has begun', async () => {
      expect(await agent.observe(subject(shaA))).toEqual({ kind: 'absent' })
    })

    it('is ready when all of it is', async () => {
      put(namespaceObject(shaA), ...objects.ready(shaA))
      expect(await agent.observe(subject(shaA))).toMatchObject({ kind: 'ready', serving: shaA })
    })

    it('law 12: an old healthy object is never ready for a new commit', async () => {
      put(namespaceObject(shaA), ...objects.ready(shaA))
      expect(await agent.observe(subject(shaB))).toMatchObject({ kind: 'deploying', serving: shaA })
    })

    it('law 12: a new manifest is not ready by what the agent said of the one before', async () => {
      put(namespaceObject(shaB), ...objects.stale(shaB, shaA))
      expect(await agent.observe(subject(shaB))).toMatchObject({ kind: 'deploying' })
    })

    it('law 12: what serves while a newer commit comes up is the one that was seen ready', async () => {
      put(namespaceObject(shaA), ...objects.ready(shaA))
      await agent.observe(subject(shaA))
      put(namespaceObject(shaB), ...objects.starting(shaB))
      expect(await agent.observe(subject(shaB))).toMatchObject({ kind: 'deploying', serving: shaA })
      put(...objects.degraded(shaB))
      expect(await agent.observe(subject(shaB))).toMatchObject({ kind: 'degraded', serving: shaA })
    })

    it('serves nothing of before where its workloads are down', async () => {
      put(namespaceObject(shaA), ...objects.ready(shaA))
      await agent.observe(subject(shaA))
      put(...objects.degraded(shaB), deployment({ availableReplicas: 0 }), pod('ErrImagePull'))
      expect(await agent.observe(subject(shaB))).toMatchObject({ kind: 'degraded', serving: null })
    })

    it('is told in the words of its workloads when it is not healthy', async () => {
      put(namespaceObject(shaA), ...objects.degraded(shaA), deployment({}), pod('ImagePullBackOff'))
      const observation = await agent.observe(subject(shaA))
      expect(observation).toMatchObject({ kind: 'degraded' })
      expect(JSON.stringify(observation)).toContain('cannot pull its image')
    })

    it('is told in the words of its workloads when it comes up for long', async () => {
      put(namespaceObject(shaA), ...objects.starting(shaA), deployment({}), pod('ErrImagePull'))
      const observation = await agent.observe(subject(shaA))
      expect(observation).toMatchObject({ kind: 'deploying' })
      expect(JSON.stringify(observation)).toContain('cannot pull its image')
    })

    it('law 14: the reasons of what comes up are not withheld for an hour when the clock is set back by one', async () => {
      put(namespaceObject(shaA), ...objects.starting(shaA), deployment({}), pod('ErrImagePull'))
      const seen = await agent.observe(subject(shaA))
      const since = seen.kind === 'deploying' ? seen.since : null
      clock.setBack(clock.now().getTime() - (since ?? clock.now()).getTime() + 3_600_000)
      expect(JSON.stringify(await agent.observe(subject(shaA)))).toContain('cannot pull its image')
    })

    it('is told in the words of the agent alone, and once why, where we may not read the workloads', async () => {
      there.deny((_verb, _kind, place) => place === namespace)
      put(namespaceObject(shaA), ...objects.degraded(shaA), pod('ImagePullBackOff'))
      const observation = await agent.observe(subject(shaA))
      expect(observation).toMatchObject({ kind: 'degraded' })
      const text = JSON.stringify(observation)
      expect(text).not.toContain('cannot pull its image')
      expect(text.match(/Mayfly may not read/g)).toHaveLength(1)
      expect(text).toContain('list Pod')
    })
  })

  describe('behind a root that is paused', () => {
    const paused = expect.stringMatching(/^the root .*`.*previews` is (paused|suspended): /) as string

    beforeEach(() => {
      put(...objects.root.map(pausedRoot))
    })

    it('a new preview waits for it, in words', async () => {
      expect(await agent.observe(subject(shaA))).toMatchObject({ kind: 'deploying', why: paused })
    })

    it('a push waits for it, and what runs still serves', async () => {
      put(namespaceObject(shaA), ...objects.ready(shaA))
      expect(await agent.observe(subject(shaB))).toMatchObject({
        ...{ kind: 'deploying', serving: shaA, why: paused },
      })
    })

    it('a removal waits for it, and goes on without it once the agent deletes', async () => {
      put(namespaceObject(shaA), ...objects.ready(shaA))
      expect(await agent.observe(subject(null))).toMatchObject({ kind: 'removing', why: paused })
      put(...objects.ready(shaA).map((object) => leaving(object)))
      expect(await agent.observe(subject(null))).not.toMatchObject({ why: paused })
    })

    it('what has come through it is as it is', async () => {
      put(namespaceObject(shaA), ...objects.ready(shaA))
      expect(await agent.observe(subject(shaA))).toMatchObject({ kind: 'ready' })
      put(...objects.starting(shaA))
      expect(await agent.observe(subject(shaA))).not.toMatchObject({ why: paused })
    })

    it('is not claimed where the root cannot be read', async () => {
      there.deny((verb) => verb === 'get')
      expect(await agent.observe(subject(shaA))).toEqual({ kind: 'absent' })
    })
  })

  describe('what leaves', () => {
    it('is there until the agent has deleted it', async () => {
      put(namespaceObject(shaA), ...objects.ready(shaA))
      expect(await agent.observe(subject(null))).toMatchObject({ kind: 'removing', held: false })
    })

    it('is there until its namespace is gone too, and what holds that is named', async () => {
      put(leaving(namespaceObject(shaA), { phase: 'Terminating' }))
      expect(await agent.observe(subject(null))).toMatchObject({ kind: 'removing', held: false })
      put(leaving(namespaceObject(shaA), heldByAFinalizer))
      const held = await agent.observe(subject(null))
      expect(held).toMatchObject({ kind: 'removing', held: true })
      expect(JSON.stringify(held)).toContain('acme.example/hold')
      there.remove('Namespace', null, namespace)
      expect(await agent.observe(subject(null))).toEqual({ kind: 'absent' })
    })

    it('is there while the agent still has its object, though the namespace is gone', async () => {
      put(...objects.ready(shaA).map((object) => leaving(object)))
      expect(await agent.observe(subject(null))).toMatchObject({ kind: 'removing' })
    })

    it('is there while the cluster says so, though the copy does not know it', async () => {
      const { labels: _dropped, ...metadata } = namespaceObject(shaA).metadata
      put({ ...leaving({ ...namespaceObject(shaA), metadata }, heldByAFinalizer) })
      expect(await agent.observe(subject(null))).toMatchObject({ kind: 'removing', held: true })
    })

    it('does not hold up the next one of its name', async () => {
      put(leaving(namespaceObject(shaA), heldByAFinalizer))
      expect(await agent.observe(subject(shaA))).toMatchObject({ kind: 'removing', held: true })
      put(namespaceObject(shaB), ...objects.ready(shaB))
      expect(await agent.observe(subject(shaB))).toMatchObject({ kind: 'ready' })
    })

    it('is never told to be gone by a cluster that does not answer', async () => {
      there.state.away = true
      await expect(agent.observe(subject(null))).rejects.toThrow(RetryLater)
    })
  })

  describe('a cluster that does not answer', () => {
    it('is for later', async () => {
      put(namespaceObject(shaA), ...objects.ready(shaA))
      there.state.away = true
      await expect(agent.observe(subject(shaA))).rejects.toThrow(RetryLater)
      await expect(agent.resources()).rejects.toThrow(RetryLater)
      expect(await agent.warnings()).toEqual([
        'the cluster is not followed: the API server does not answer (ECONNREFUSED)',
      ])
    })

    it('takes nothing back that was seen at this very commit', async () => {
      put(namespaceObject(shaA), ...objects.ready(shaA))
      const before = await agent.observe(subject(shaA))
      there.state.away = true
      expect(await agent.observe(subject(shaA))).toEqual(before)
      await expect(agent.observe(subject(shaB))).rejects.toThrow(RetryLater)
      await expect(agent.observe(subject(null))).rejects.toThrow(RetryLater)
    })
  })

  describe('a hint', () => {
    it('tells once of all that changed of a preview within a moment', async () => {
      const hints: string[] = []
      await agent.watch((hinted) => hints.push(hinted))
      put(namespaceObject(shaA), ...objects.starting(shaA))
      put(...objects.ready(shaA))
      expect(hints).toEqual([])
      await clock.advance(250)
      expect(hints).toEqual(['shop/142'])
      removeAll(objects.ready(shaA))
      await clock.advance(250)
      expect(hints).toEqual(['shop/142', 'shop/142'])
      put(leaving(namespaceObject(shaA), heldByAFinalizer))
      await clock.advance(250)
      expect(hints).toHaveLength(3)
    })

    it('is not given for what an agent writes into its objects all the time', async () => {
      const hints: string[] = []
      await agent.watch((hinted) => hints.push(hinted))
      put(...objects.ready(shaA))
      await clock.advance(250)
      put(...objects.ready(shaA).map((object) => ({ ...object, reconciledAt: 'now' })))
      await clock.advance(250)
      expect(hints).toEqual(['shop/142'])
    })

    it('is not given for what is not ours', async () => {
      const hints: string[] = []
      await agent.watch((hinted) => hints.push(hinted))
      const [{ metadata, ...rest } = namespaceObject(shaA)] = objects.ready(shaA)
      put({ ...rest, metadata: { ...metadata, annotations: { 'mayfly.dev/preview': 'no preview' } } })
      await clock.advance(250)
      expect(hints).toEqual([])
    })
  })

  describe('what stands', () => {
    it('is every object of a preview', async () => {
      put(namespaceObject(shaA), ...objects.ready(shaA))
      const standing = await agent.resources()
      expect(standing).toHaveLength(objects.ready(shaA).length + 1)
      expect(standing).toContainEqual({ preview, what: `Namespace ${namespace}` })
    })

    it('is read at home where we may not read it everywhere', async () => {
      there.deny((verb, kind, place) => verb === 'list' && kind !== 'Namespace' && place === null)
      put(namespaceObject(shaA), ...objects.ready(shaA))
      expect(await agent.observe(subject(shaA))).toMatchObject({ kind: 'ready' })
      expect(await agent.warnings()).toEqual([])
      there.allowAll()
      expect(await agent.resources()).toHaveLength(objects.ready(shaA).length + 1)
    })

    it('is not told in part', async () => {
      there.deny((verb, kind) => verb === 'list' && kind === 'Namespace')
      put(...objects.ready(shaA))
      await expect(agent.resources()).rejects.toThrow(Stalled)
      expect(await agent.warnings()).toEqual([expect.stringContaining('list Namespace')])
      expect(agent.health()).toEqual({ synced: true, terminating: { held: 0, free: 0 } })
    })
  })

  describe('a push', () => {
    const told = () =>
      there.annotated.filter(
        ({ kind }) => kind === (objects.kind === 'argocd' ? 'Application' : 'GitRepository'),
      )

    it('is told at once', async () => {
      await agent.requestSync(commitSha(shaA), name)
      expect(told()).toHaveLength(1)
      const root = there.get(
        objects.kind === 'argocd' ? 'Application' : 'Kustomization',
        objects.home,
        'previews',
      )
      const expected =
        objects.kind === 'argocd'
          ? { 'argocd.argoproj.io/refresh': 'normal' }
          : { 'reconcile.fluxcd.io/requestedAt': '2026-11-21T10:00:00.000Z' }
      expect(root?.metadata.annotations).toEqual(expected)
    })

    it('is told together with those that come meanwhile, and none is forgotten', async () => {
      const gate = Promise.withResolvers<undefined>()
      there.state.beforeAnnotate = () => gate.promise
      const first = agent.requestSync(commitSha(shaA), name)
      await clock.advance(0)
      const notified = [first, ...Array.from({ length: 50 }, () => agent.requestSync(commitSha(shaB), name))]
      await clock.advance(0)
      gate.resolve(undefined)
      await Promise.all(notified)
      expect(told()).toHaveLength(2)
    })

    it('keeps no look waiting for an agent that hangs', async () => {
      there.state.beforeAnnotate = () => new Promise(() => undefined)
      await clock.until(agent.requestSync(commitSha(shaA), name))
      expect(clock.now().toISOString()).toBe('2026-11-21T10:00:02.000Z')
    })

    it('is no failure without the right to tell, and the missing rule is said until it is given', async () => {
      there.deny((verb) => verb === 'patch')
      await agent.requestSync(commitSha(shaA), name)
      expect(await agent.warnings()).toEqual([expect.stringContaining('patch')])
      there.allowAll()
      await agent.requestSync(commitSha(shaA), name)
      expect(await agent.warnings()).toEqual([])
    })

    it('is told again when the agent has not seen it', async () => {
      await agent.requestSync(commitSha(shaA), name)
      const [root] = objects.root
      if (root !== undefined) put({ ...root, status: { sync: { revision: shaB } } })
      await clock.advance(2_000)
      expect(told()).toHaveLength(objects.kind === 'argocd' ? 2 : 1)
      if (root !== undefined) put({ ...root, status: { sync: { revision: shaA } } })
      await clock.advance(60_000)
      expect(told()).toHaveLength(objects.kind === 'argocd' ? 2 : 1)
    })

    it('is told once the cluster is back', async () => {
      there.state.away = true
      await agent.requestSync(commitSha(shaA), name)
      await clock.advance(60_000)
      expect(told()).toEqual([])
      there.state.away = false
      await clock.advance(60_000)
      expect(told()).not.toEqual([])
    })

    it('law 2: is told, once, of a preview that it is behind with, because who pushed it may have been killed', async () => {
      await agent.observe(subject(shaA))
      await agent.observe(subject(shaA))
      await clock.advance(60_000)
      expect(told()).toHaveLength(1)
      put(namespaceObject(shaA), ...objects.ready(shaA))
      await agent.observe(subject(shaA))
      await clock.advance(60_000)
      expect(told()).toHaveLength(1)
      await agent.observe(subject(null))
      await clock.advance(60_000)
      expect(told()).toHaveLength(2)
    })
  })

  it('measures namespaces on their way out', async () => {
    put(namespaceObject(shaA))
    expect(agent.health()).toEqual({ synced: true, terminating: { held: 0, free: 0 } })
    put(leaving(namespaceObject(shaA), heldByAFinalizer))
    expect(agent.health()).toEqual({ synced: true, terminating: { held: 1, free: 0 } })
    there.state.away = true
    expect(agent.health()).toEqual({ synced: false, terminating: null })
  })

  it('lets go of the cluster when it is closed', async () => {
    await agent.close()
    expect(there.followed()).toBe(0)
    expect(there.state.closed).toBe(true)
  })
})

describe('an ApplicationSet as the root', () => {
  it('is told of a push, and so are the Applications of the directories that were pushed', async () => {
    const there = createStandInCluster()
    const clock = createVirtualClock()
    const at = (kind: string, called: string) => ({ kind, metadata: { name: called, namespace: 'argocd' } })
    there.put(at('ApplicationSet', 'previews'))
    there.put(at('Application', 'shop-1-a.directory'))
    const options = { kind: 'argocd', namespace: 'argocd', rootApplication: 'previews' } as const
    const cluster = { cluster: there.cluster, clock, log: createCapturedLog() }
    const agent = createAgent({ ...options, ...cluster, directory: 'apps', branch: 'dynamic-envs' })
    await Promise.all(['shop-1-a', 'shop-2-new'].map((pushed) => agent.requestSync(commitSha(shaA), pushed)))
    expect(there.get('ApplicationSet', 'argocd', 'previews')?.metadata.annotations).toEqual({
      'argocd.argoproj.io/application-set-refresh': 'true',
    })
    expect(there.get('Application', 'argocd', 'shop-1-a.directory')?.metadata.annotations).toEqual({
      'argocd.argoproj.io/refresh': 'normal',
    })
    expect(await agent.warnings()).toEqual([])
    // One that came while the set worked on another is forgotten: it is asked again, five times in all.
    for (const ms of [1_500, 3_000, 6_000, 12_000]) {
      there.put(at('ApplicationSet', 'previews'))
      await clock.advance(ms)
      await expect
        .poll(() => there.get('ApplicationSet', 'argocd', 'previews')?.metadata.annotations)
        .toBeDefined()
    }
    there.put(at('ApplicationSet', 'previews'))
    await clock.advance(60_000)
    expect(there.get('ApplicationSet', 'argocd', 'previews')?.metadata.annotations).toBeUndefined()
    await agent.close()
  })
})

function deployment(status: object): TestObject {
  const metadata = { name: 'web', namespace, generation: 1 }
  return { kind: 'Deployment', apiVersion: 'apps/v1', metadata, spec: { replicas: 1 }, status }
}

function pod(reason: string): TestObject {
  const waiting = { reason, message: 'image web:b not found' }
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name: 'web-1', namespace, creationTimestamp: '2026-11-21T09:00:00Z' },
    spec: { containers: [{ name: 'web', image: 'web:b' }] },
    status: { phase: 'Pending', containerStatuses: [{ name: 'web', ready: false, state: { waiting } }] },
  }
}

/** As people pause it. */
function pausedRoot(root: TestObject): TestObject {
  const spec = { ...(root['spec'] as object) }
  return { ...root, spec: { ...spec, syncPolicy: {}, suspend: true } }
}
