import { writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type {
  Cluster,
  Informer,
  KubernetesObject,
  ObjectKind,
  ResourceSelector,
} from '../../src/agent/cluster.ts'
import { connectCluster } from '../../src/agent/kubernetes/connect-cluster.ts'
import { type Clock, systemClock } from '../../src/pace/clock.ts'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'
import { type ApiServer, kubeconfigOf, startApiServer, type StoredObject } from '../support/api-server.ts'
import { startProxy } from '../support/proxy.ts'
import { createCapturedLog } from '../support/captured-log.ts'
import { eventually } from '../support/eventually.ts'

const application: ObjectKind = { api: 'argoproj.io/v1alpha1', kind: 'Application', plural: 'applications' }
const namespaceKind: ObjectKind = { api: 'v1', kind: 'Namespace', plural: 'namespaces' }
const later: ObjectKind = { api: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', plural: 'helmreleases' }
const ours: ResourceSelector = {
  kind: application,
  namespace: 'argocd',
  labels: 'app.kubernetes.io/managed-by=mayfly',
}

let server: ApiServer
let cluster: Cluster

beforeEach(async () => {
  server = await startApiServer([application, namespaceKind])
  cluster = connect({})
})

afterEach(async () => {
  await cluster.close()
  await server.close()
})

/** Pauses are 100 times shorter, deadlines are as they are. */
const hurried: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms <= 30_000 ? ms / 100 : ms, signal),
}

function connect(more: Partial<Parameters<typeof connectCluster>[0]>): Cluster {
  return connectCluster({
    kubeconfig: server.kubeconfig,
    context: null,
    clock: hurried,
    random: () => 0.5,
    log: createCapturedLog(),
    environment: {},
    answerWithinMs: 40_000,
    ...more,
  })
}

function app(name: string, more: Partial<StoredObject['metadata']> = {}): StoredObject {
  const labels = { 'app.kubernetes.io/managed-by': 'mayfly' }
  return { metadata: { name, namespace: 'argocd', labels, ...more }, spec: { project: 'previews' } }
}

function namesOf(objects: readonly KubernetesObject[]): readonly string[] {
  return objects.map((object) => (object as StoredObject).metadata.name).toSorted()
}

/** A followed place, and the names that it told of. */
function follow(place: ResourceSelector = ours): { followed: Informer; told: string[] } {
  const told: string[] = []
  const followed = cluster.follow(place, (object) => told.push(...namesOf([object])))
  return { followed, told }
}

const isList = ({ verb }: { verb: string }) => verb === 'list'
const isWatch = ({ verb }: { verb: string }) => verb === 'watch'

describe('a list', () => {
  it('is read to its last page, and says of each item what it is', async () => {
    for (let number = 1; number <= 600; number += 1) server.put('applications', app(`shop-${number}`))
    const objects = await cluster.list(ours)
    expect(objects).toHaveLength(600)
    expect(new Set(namesOf(objects)).size).toBe(600)
    expect(objects[0]).toMatchObject({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' })
    expect(server.seen.filter(isList)).toHaveLength(3)
  })

  it('begins again when it grows too old between two pages', async () => {
    for (let number = 1; number <= 300; number += 1) server.put('applications', app(`shop-${number}`))
    server.fail(({ query }) => query['continue'] !== undefined, { status: 410 })
    expect(await cluster.list(ours)).toHaveLength(300)
    expect(server.seen.filter(isList)).toHaveLength(4)
  })

  it('is an error rather than a part when a page fails', async () => {
    for (let number = 1; number <= 300; number += 1) server.put('applications', app(`shop-${number}`))
    server.fail(({ query }) => query['continue'] !== undefined, { status: 500 })
    await expect(cluster.list(ours)).rejects.toThrow(RetryLater)
    server.fail(({ query }) => query['continue'] !== undefined, 'cut')
    await expect(cluster.list(ours)).rejects.toThrow(RetryLater)
  })

  it('is one of many questions at once, from the first moment on', async () => {
    server.put('applications', app('shop-1'))
    const lists = await Promise.all(Array.from({ length: 20 }, () => cluster.list(ours)))
    expect(lists.map((objects) => objects.length)).toEqual(Array.from({ length: 20 }, () => 1))
  })

  it('goes through the proxy that the variables name, unless the kubeconfig or NO_PROXY say otherwise', async () => {
    const { host, port, hostname } = new URL(server.url)
    const proxy = await startProxy({ [host]: Number(port) })
    const variables = { HTTP_PROXY: `http://${proxy.address}`, HTTPS_PROXY: `http://${proxy.address}` }
    const through = connect({ environment: variables })
    const directly = connect({ environment: { ...variables, NO_PROXY: `${hostname}/32` } })
    try {
      server.put('applications', app('shop-1'))
      expect(namesOf(await directly.list(ours))).toEqual(['shop-1'])
      expect(proxy.asked).toEqual([])
      expect(namesOf(await through.list(ours))).toEqual(['shop-1'])
      expect(proxy.asked).toEqual([host])
    } finally {
      await Promise.all([through.close(), directly.close()])
      await proxy.close()
    }
  })

  it('is empty for a kind that the cluster does not know', async () => {
    expect(await cluster.list({ kind: later, namespace: null, labels: null })).toEqual([])
  })

  it('holds only what its place names', async () => {
    server.put('applications', app('shop-1'))
    server.put('applications', app('foreign', { labels: {} }))
    server.put('applications', app('elsewhere', { namespace: 'other' }))
    expect(namesOf(await cluster.list(ours))).toEqual(['shop-1'])
    expect(namesOf(await cluster.list({ ...ours, labels: null }))).toEqual(['foreign', 'shop-1'])
    expect(namesOf(await cluster.list({ ...ours, namespace: null }))).toEqual(['elsewhere', 'shop-1'])
  })
})

describe('one object', () => {
  it('is read, and null when there is none', async () => {
    server.put('namespaces', { metadata: { name: 'preview-shop-1' } })
    expect(await cluster.read(namespaceKind, null, 'preview-shop-1')).toMatchObject({
      kind: 'Namespace',
      metadata: { name: 'preview-shop-1' },
    })
    expect(await cluster.read(namespaceKind, null, 'nobody')).toBeNull()
  })

  it('gets an annotation, and nothing else of it changes', async () => {
    server.put('applications', app('previews', { annotations: { kept: 'yes' } }))
    const set = await cluster.annotate(application, 'argocd', 'previews', {
      'argocd.argoproj.io/refresh': 'normal',
    })
    expect(set).toBe('done')
    const after = server.get('applications', 'argocd', 'previews')
    expect(after?.metadata.annotations).toEqual({ kept: 'yes', 'argocd.argoproj.io/refresh': 'normal' })
    expect(after?.['spec']).toEqual({ project: 'previews' })
    expect(await cluster.annotate(application, 'argocd', 'nobody', { a: 'b' })).toBe('missing')
  })
})

describe('a refusal', () => {
  it('names the missing rule', async () => {
    server.fail(({ verb }) => verb === 'list', { status: 403 })
    await expect(cluster.list(ours)).rejects.toMatchObject({
      name: 'Stalled',
      right: 'list applications.argoproj.io in namespace argocd',
    })
    server.fail(({ verb }) => verb === 'list', { status: 403 })
    const everywhere = { kind: namespaceKind, namespace: null, labels: null }
    await expect(cluster.list(everywhere)).rejects.toMatchObject({ right: 'list namespaces' })
    server.fail(({ verb }) => verb === 'patch', { status: 403 })
    await expect(cluster.annotate(application, 'argocd', 'previews', {})).rejects.toMatchObject({
      right: 'patch applications.argoproj.io called previews in namespace argocd',
    })
  })

  it.each([429, 500, 502, 503, 504])('%i is for later, as late as the API server asks', async (status) => {
    server.fail(isList, { status, headers: { 'retry-after': '7' } })
    await expect(cluster.list(ours)).rejects.toMatchObject({ name: 'RetryLater', retryAfterMs: 7000 })
  })

  it.each([
    ['no JSON', { status: 200, body: '<html>' }],
    ['no list', { status: 200, body: '{"kind":"Status"}' }],
    ['an empty body', { status: 200, body: '' }],
  ])('%s with 200 is for later', async (_name, fault) => {
    server.fail(isList, fault)
    await expect(cluster.list(ours)).rejects.toThrow(RetryLater)
  })

  it('of credentials needs a human, until they were renewed in the kubeconfig', async () => {
    server.put('applications', app('shop-1'))
    const path = await server.writeKubeconfig(kubeconfigOf(server.url))
    const renewed = connect({ kubeconfig: path })
    expect(await renewed.list(ours)).toHaveLength(1)
    server.changeToken('another-token')
    await expect(renewed.list(ours)).rejects.toThrow(Stalled)
    await writeFile(path, kubeconfigOf(server.url, 'token: another-token'))
    expect(await renewed.list(ours)).toHaveLength(1)
    await renewed.close()
  })

  it('that does not come in time is for later', async () => {
    const impatient = connect({ answerWithinMs: 20_000 })
    server.fail(isList, 'silence')
    await expect(impatient.list(ours)).rejects.toThrow(/did not answer within/)
    await impatient.close()
  })
})

describe('the kubeconfig', () => {
  it('is followed to the context of a name', async () => {
    const elsewhere = connect({ context: 'elsewhere' })
    await expect(elsewhere.list(ours)).rejects.toThrow('the API server does not answer (ECONNREFUSED)')
    await elsewhere.close()
  })

  it.each([
    [
      'a context it does not have',
      { context: 'nowhere' },
      'has no context `nowhere`; it has `here`, `elsewhere`',
    ],
    ['a file that is not there', { kubeconfig: '/nowhere/kubeconfig' }, 'cannot be read (ENOENT)'],
    ['a pod that is none', { kubeconfig: 'in-cluster' }, 'this is no pod of a cluster'],
  ])('with %s is for later, in words', async (_name, choice, words) => {
    const wrong = connect(choice)
    await expect(wrong.list(ours)).rejects.toThrow(RetryLater)
    await expect(wrong.list(ours)).rejects.toThrow(words)
    await wrong.close()
  })

  it('may name a file with the token', async () => {
    server.put('applications', app('shop-1'))
    const token = await server.writeKubeconfig(server.token)
    const kubeconfig = await server.writeKubeconfig(kubeconfigOf(server.url, `tokenFile: ${token}`))
    const withFile = connect({ kubeconfig })
    expect(await withFile.list(ours)).toHaveLength(1)
    await withFile.close()
  })
})

describe('what is followed', () => {
  it('is there after the first list, and told of when it comes, changes and goes', async () => {
    server.put('applications', app('shop-1'))
    const { followed, told } = follow()
    expect(() => followed.objects()).toThrow(RetryLater)
    await followed.firstList
    expect(namesOf(followed.objects())).toEqual(['shop-1'])
    await eventually(() => server.watches() === 1)
    server.put('applications', app('shop-2'))
    server.put('applications', app('foreign', { labels: {} }))
    await eventually(() => expect(namesOf(followed.objects())).toEqual(['shop-1', 'shop-2']))
    server.put('applications', app('shop-1', { annotations: { changed: 'yes' } }))
    server.remove('applications', 'argocd', 'shop-2')
    await eventually(() => expect(told).toEqual(['shop-1', 'shop-2', 'shop-1', 'shop-2']))
    expect(namesOf(followed.objects())).toEqual(['shop-1'])
    expect(server.seen.filter(isList)).toHaveLength(1)
  })

  it('is gone when it loses our label', async () => {
    server.put('applications', app('shop-1'))
    const { followed } = follow()
    await eventually(() => server.watches() === 1)
    server.put('applications', app('shop-1', { labels: {} }))
    await eventually(() => expect(followed.objects()).toEqual([]))
  })

  it('goes on from the last version after a watch that was closed, without a list', async () => {
    const { followed } = follow()
    await eventually(() => server.watches() === 1)
    server.put('applications', app('shop-1'))
    await eventually(() => expect(followed.objects()).toHaveLength(1))
    server.endWatches()
    server.put('applications', app('shop-2'))
    await eventually(() => expect(followed.objects()).toHaveLength(2))
    expect(server.seen.filter(isList)).toHaveLength(1)
    expect(server.seen.filter(isWatch).at(-1)?.query['resourceVersion']).toBe('101')
  })

  it('goes on from a bookmark, though nothing of ours has changed for long', async () => {
    const { followed } = follow()
    await eventually(() => server.watches() === 1)
    for (let number = 1; number <= 50; number += 1)
      server.put('namespaces', { metadata: { name: `n-${number}` } })
    server.bookmark()
    server.endWatches()
    await eventually(() => expect(server.seen.filter(isWatch).at(-1)?.query['resourceVersion']).toBe('150'))
    expect(followed.objects()).toEqual([])
  })

  it.each([
    ['as the status', () => server.endWatches()],
    [
      'as an event',
      () => server.sendLine('{"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old"}}\n'),
    ],
  ])('is listed again after 410 %s, and what vanished meanwhile is told of', async (_name, end) => {
    server.put('applications', app('shop-1'))
    const { followed, told } = follow()
    await eventually(() => server.watches() === 1)
    end()
    server.silenceWatches()
    server.remove('applications', 'argocd', 'shop-1')
    server.put('applications', app('shop-2'))
    server.compact()
    await eventually(() => expect(namesOf(followed.objects())).toEqual(['shop-2']))
    expect(told).toEqual(['shop-1', 'shop-1', 'shop-2'])
    expect(server.seen.filter(isList).length).toBeGreaterThan(1)
  })

  it.each([
    ['is cut', () => server.cutWatches()],
    [
      'breaks off in the middle of an event',
      () => {
        server.sendLine('{"type":"ADDED","obj')
        server.endWatches()
      },
    ],
    ['carries what is no JSON', () => server.sendLine('<html>\n')],
    ['carries an odd event', () => server.sendLine('{"type":"MODIFIED","object":{"metadata":{}}}\n')],
    ['carries an error', () => server.sendLine('{"type":"ERROR","object":{"code":500}}\n')],
  ])('is listed again after a watch that %s', async (_name, spoil) => {
    const { followed } = follow()
    await eventually(() => server.watches() === 1)
    spoil()
    server.silenceWatches()
    server.put('applications', app('shop-1'))
    await eventually(() => expect(namesOf(followed.objects())).toEqual(['shop-1']))
  })

  it('comes through any number of refusals', async () => {
    server.fail(isList, { status: 500 }, 3)
    server.fail(isWatch, { status: 429 }, 2)
    server.fail(isWatch, { status: 403 }, 1)
    const { followed } = follow()
    server.put('applications', app('shop-1'))
    await eventually(() => server.watches() === 1)
    expect(namesOf(followed.objects())).toEqual(['shop-1'])
  })

  it('is noticed to be silent', async () => {
    await cluster.close()
    // The deadline of a watch is its time and ten seconds of grace: here a hundredth of it.
    cluster = connect({ watchSeconds: 15 })
    const { followed } = follow()
    await eventually(() => server.watches() === 1)
    server.silenceWatches()
    server.put('applications', app('shop-1'))
    await eventually(() => expect(namesOf(followed.objects())).toEqual(['shop-1']))
  })

  it('comes when its kind is installed', async () => {
    const { followed } = follow({ kind: later, namespace: null, labels: null })
    await followed.firstList
    expect(followed.objects()).toEqual([])
    server.install(later)
    server.put('helmreleases', app('shop-1'))
    await eventually(() => expect(namesOf(followed.objects())).toEqual(['shop-1']))
  })

  it('is not told after it was out of step for long, and is told again when it is in step', async () => {
    let minutes = 0
    await cluster.close()
    cluster = connect({
      clock: { ...hurried, monotonicMs: () => systemClock.monotonicMs() + minutes * 60_000 },
    })
    server.put('applications', app('shop-1'))
    const { followed } = follow()
    await eventually(() => server.watches() === 1)
    minutes = 5
    expect(followed.objects()).toHaveLength(1)
    server.fail(() => true, { status: 503 }, 1000)
    server.cutWatches()
    await eventually(() => server.seen.filter(isList).length > 3)
    expect(followed.objects()).toHaveLength(1)
    minutes = 6
    expect(() => followed.objects()).toThrow('the API server answered 503')
    server.heal()
    await eventually(() => expect(followed.objects()).toHaveLength(1))
  })

  it('says which right is missing', async () => {
    server.fail(isList, { status: 403 }, 1000)
    const { followed } = follow()
    await followed.firstList
    expect(() => followed.objects()).toThrow(Stalled)
  })

  it('does not ask without a pause where watches end at once', async () => {
    server.fail(isWatch, { status: 200, body: '' }, 5)
    follow()
    await eventually(() => server.watches() === 1)
    expect(server.seen.filter(isList)).toHaveLength(1)
  })

  it('ends when it is stopped, and with the cluster', async () => {
    const { followed } = follow()
    follow({ kind: namespaceKind, namespace: null, labels: null })
    await eventually(() => server.watches() === 2)
    followed.stop()
    await eventually(() => server.watches() === 1)
    await cluster.close()
    await eventually(() => server.watches() === 0)
  })
})
