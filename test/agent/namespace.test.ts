import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KubernetesObject } from '../../src/agent/cluster.ts'
import { explainTerminating } from '../../src/agent/namespace/explain-terminating.ts'
import { explainWorkloads, type WorkloadObjects } from '../../src/agent/namespace/explain-workloads.ts'
import { changed, sample } from '../support/agent-samples.ts'

describe('a namespace that stays', () => {
  const stuck = sample('namespace-stuck-finalizer')
  const since = new Date('2026-11-21T10:28:51Z')

  test('as Kubernetes left it: which finalizer holds what', () => {
    expect(explainTerminating(stuck)).toEqual({
      why: 'the finalizer `acme.example/hold` holds 1 object in the namespace',
      details: ['still in it: 1 configmaps'],
      held: true,
      since,
    })
  })

  test('one that nobody deletes is not explained', () => {
    expect(explainTerminating(changed(stuck, ['metadata', 'deletionTimestamp'], undefined))).toBeNull()
  })

  test('in its first seconds it has no conditions', () => {
    expect(explainTerminating(changed(stuck, ['status', 'conditions'], null))).toEqual({
      why: 'the namespace is being deleted',
      details: [],
      held: false,
      since,
    })
  })

  test('several kinds and finalizers are all named', () => {
    const contents = withMessage(
      stuck,
      3,
      'Some resources are remaining: deployments.apps has 5 resource instances, pods. has 2 resource instances',
    )
    const both = withMessage(
      contents,
      4,
      'Some content in the namespace has finalizers remaining: acme.example/a in 5 resource instances, acme.example/b in 1 resource instances',
    )
    expect(explainTerminating(both)).toMatchObject({
      why: 'the finalizer `acme.example/a` holds 5 objects in the namespace',
      details: [
        'the finalizer `acme.example/b` holds 1 object in the namespace',
        'still in it: 5 deployments, 2 pods',
      ],
    })
  })

  test('what Kubernetes itself takes off holds nobody up for ever', () => {
    const claim = withMessage(
      stuck,
      4,
      'Some content in the namespace has finalizers remaining: kubernetes.io/pvc-protection in 1 resource instances',
    )
    expect(explainTerminating(claim)).toMatchObject({ held: false })
  })

  test('contents alone end by themselves', () => {
    const pods = changed(stuck, ['status', 'conditions', 4, 'status'], 'False')
    expect(explainTerminating(pods)).toMatchObject({ why: 'still in it: 1 configmaps', held: false })
  })

  test('an API that does not answer holds it', () => {
    const failing = changed(
      withMessage(
        stuck,
        0,
        'Discovery failed for some groups, 1 failing: metrics.k8s.io/v1beta1: stale GroupVersion discovery',
      ),
      ['status', 'conditions', 0, 'status'],
      'True',
    )
    const free = changed(failing, ['status', 'conditions', 4, 'status'], 'False')
    expect(explainTerminating(free)).toMatchObject({
      held: true,
      why: expect.stringContaining('metrics.k8s.io') as string,
    })
  })

  test('a finalizer of the namespace itself is named', () => {
    const own = changed(
      changed(stuck, ['metadata', 'finalizers'], ['acme.example/own']),
      ['status', 'conditions'],
      [],
    )
    expect(explainTerminating(own)).toMatchObject({
      held: true,
      why: 'the finalizer `acme.example/own` holds the namespace itself',
    })
  })

  test('an object of any form is never a crash', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const odd = changed(stuck, ['status', 'conditions', 4, 'message'], value)
        const whole = explainTerminating(value as unknown as KubernetesObject)
        return whole === null && explainTerminating(odd)?.why !== ''
      }),
    )
  })
})

const created = '2026-11-21T12:00:00Z'
const deployment = {
  metadata: { name: 'web', generation: 2, creationTimestamp: created },
  spec: { replicas: 1 },
  status: { observedGeneration: 2, replicas: 1, conditions: [] as object[] },
}

describe('why workloads do not run', () => {
  test('nothing is wrong', () => {
    expect(
      explain({ deployments: [available(deployment)], pods: [pod({ conditions: [isReady] })] }),
    ).toBeNull()
  })

  test.each([
    [
      'pulling',
      'ErrImagePull',
      'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/acme/web:d4e5f6a": failed to resolve reference "docker.io/acme/web:d4e5f6a": docker.io/acme/web:d4e5f6a: not found',
    ],
    [
      'waiting to pull again',
      'ImagePullBackOff',
      'Back-off pulling image "acme/web:d4e5f6a": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/acme/web:d4e5f6a": not found',
    ],
  ])('an image that is not there, while %s: the same words', (_when, reason, message) => {
    const waiting = {
      name: 'web',
      image: 'acme/web:d4e5f6a',
      ready: false,
      state: { waiting: { reason, message } },
    }
    expect(explain({ deployments: [deployment], pods: [pod({ containerStatuses: [waiting] })] })).toEqual({
      why: 'Deployment `web` cannot pull its image: ErrImagePull, image acme/web:d4e5f6a not found',
      details: [],
      since: new Date(created),
      down: true,
    })
  })

  test('the cause of a pull that waits stands in the event', () => {
    const waiting = {
      name: 'web',
      image: 'acme/web:x',
      state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "acme/web:x"' } },
    }
    const events = [
      warning(
        'Pod',
        'web-7d9f8c6b5-x2x2x',
        'Failed',
        'Failed to pull image "acme/web:x": rpc error: code = Unknown desc = failed to authorize: unauthorized',
      ),
    ]
    expect(explain({ pods: [pod({ containerStatuses: [waiting] })], events })?.why).toBe(
      'Deployment `web` cannot pull its image: ErrImagePull, image acme/web:x unauthorized',
    )
  })

  test.each([
    [
      'ended',
      { state: { terminated: { exitCode: 1, reason: 'Error', message: 'starting\nno DATABASE_URL\n' } } },
    ],
    [
      'waiting',
      {
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { exitCode: 1, reason: 'Error', message: 'starting\nno DATABASE_URL\n' } },
      },
    ],
    [
      'running again',
      {
        state: { running: {} },
        ready: false,
        lastState: { terminated: { exitCode: 1, reason: 'Error', message: 'starting\nno DATABASE_URL\n' } },
      },
    ],
  ])('a crash, while it is %s: the same words', (_when, status) => {
    expect(explain({ pods: [pod({ containerStatuses: [{ name: 'web', ...status }] })] })?.why).toBe(
      'Deployment `web` crashes: container `web` ended with exit code 1: no DATABASE_URL',
    )
  })

  test('a crash that it got over is no reason', () => {
    const over = {
      name: 'web',
      ready: true,
      state: { running: {} },
      lastState: { terminated: { exitCode: 1 } },
    }
    expect(explain({ pods: [pod({ containerStatuses: [over], conditions: [isReady] })] })).toBeNull()
  })

  test('memory', () => {
    const killed = {
      name: 'web',
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
    }
    expect(explain({ pods: [pod({ containerStatuses: [killed] })] })?.why).toBe(
      'Deployment `web` crashes: container `web` was killed because it used more memory than its limit (OOMKilled)',
    )
  })

  test('an init container is called so', () => {
    const failed = { name: 'migrate', state: { terminated: { exitCode: 3, reason: 'Error' } } }
    const waiting = { name: 'web', state: { waiting: { reason: 'PodInitializing' } } }
    expect(
      explain({ pods: [pod({ initContainerStatuses: [failed], containerStatuses: [waiting] })] })?.why,
    ).toBe('Deployment `web` crashes: init container `migrate` ended with exit code 3')
  })

  test('a Secret that is missing', () => {
    const waiting = {
      name: 'web',
      state: { waiting: { reason: 'CreateContainerConfigError', message: 'secret "db" not found' } },
    }
    expect(explain({ pods: [pod({ containerStatuses: [waiting] })] })?.why).toBe(
      'Deployment `web` cannot start: container `web`: secret "db" not found',
    )
  })

  test('no room', () => {
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: '0/3 nodes are available: 3 Insufficient cpu.',
      lastTransitionTime: created,
    }
    expect(explain({ pods: [pod({ conditions: [condition] })] })?.why).toBe(
      'Deployment `web` cannot be scheduled: 0/3 nodes are available: 3 Insufficient cpu',
    )
  })

  test('a probe that says no, only while the Pod is not ready', () => {
    const events = [
      warning(
        'Pod',
        'web-7d9f8c6b5-x2x2x',
        'Unhealthy',
        'Readiness probe failed: HTTP probe failed with statuscode: 500',
      ),
    ]
    expect(explain({ pods: [pod({})], events })?.why).toBe(
      'Deployment `web` does not answer its probe: Readiness probe failed: HTTP probe failed with statuscode: 500',
    )
    expect(explain({ pods: [pod({ conditions: [isReady] })], events })).toBeNull()
  })

  test('a quota: the same words at every try', () => {
    const message = (name: string) =>
      `Error creating: pods "${name}" is forbidden: exceeded quota: preview, requested: pods=1, used: pods=20, limited: pods=20`
    const events = ['web-7d9f8c6b5-aaaaa', 'web-7d9f8c6b5-bbbbb'].map((name) =>
      warning('ReplicaSet', 'web-7d9f8c6b5', 'FailedCreate', message(name)),
    )
    const failure = {
      type: 'ReplicaFailure',
      status: 'True',
      reason: 'FailedCreate',
      message: message('web-7d9f8c6b5-ccccc').replace('Error creating: ', ''),
    }
    const without = { ...deployment, status: { observedGeneration: 2, replicas: 0, conditions: [failure] } }
    expect(explain({ deployments: [without], events })).toMatchObject({
      why: 'Deployment `web` cannot create Pods: exceeded quota: preview, requested: pods=1, used: pods=20, limited: pods=20',
      details: [],
    })
    expect(explain({ deployments: [available(deployment)], events })).toBeNull()
  })

  test('a Job that gave up, and why', () => {
    const condition = {
      type: 'Failed',
      status: 'True',
      reason: 'BackoffLimitExceeded',
      message: 'Job has reached the specified backoff limit',
      lastTransitionTime: created,
    }
    const job = { metadata: { name: 'migrate' }, status: { conditions: [condition] } }
    const ended = {
      name: 'migrate',
      state: { terminated: { exitCode: 2, reason: 'Error', message: 'relation "cart" does not exist' } },
    }
    const of = { ownerReferences: [{ kind: 'Job', name: 'migrate', controller: true }] }
    const failed = pod({ phase: 'Failed', containerStatuses: [ended] }, of)
    expect(explain({ jobs: [job], pods: [failed] })).toMatchObject({
      why: 'Job `migrate` fails: container `migrate` ended with exit code 2: relation "cart" does not exist',
      details: ['Job `migrate` failed: Job has reached the specified backoff limit'],
    })
    const complete = {
      metadata: { name: 'migrate' },
      status: { conditions: [{ type: 'Complete', status: 'True' }] },
    }
    expect(explain({ jobs: [complete], pods: [failed] })).toBeNull()
  })

  test('a volume that is not bound', () => {
    const claim = { metadata: { name: 'data', creationTimestamp: created }, status: { phase: 'Pending' } }
    const events = [
      warning(
        'PersistentVolumeClaim',
        'data',
        'ProvisioningFailed',
        'storageclass.storage.k8s.io "fast" not found',
      ),
    ]
    expect(explain({ claims: [claim], events })?.why).toBe(
      'PersistentVolumeClaim `data` is not bound: storageclass.storage.k8s.io "fast" not found',
    )
    expect(explain({ claims: [{ ...claim, status: { phase: 'Bound' } }], events })).toBeNull()
  })

  test('the deadline alone, when nothing nearer is known', () => {
    const late = {
      type: 'Progressing',
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: 'ReplicaSet "web-1" has timed out progressing.',
      lastTransitionTime: created,
    }
    const slow = { ...deployment, status: { ...deployment.status, conditions: [late] } }
    expect(explain({ deployments: [slow] })?.why).toBe('Deployment `web` did not become available in time')
    const waiting = { name: 'web', image: 'acme/web:x', state: { waiting: { reason: 'InvalidImageName' } } }
    expect(explain({ deployments: [slow], pods: [pod({ containerStatuses: [waiting] })] })).toMatchObject({
      why: 'Deployment `web` cannot pull its image: InvalidImageName, image acme/web:x',
      details: ['Deployment `web` did not become available in time'],
    })
    const unseen = { ...slow, metadata: { ...slow.metadata, generation: 3 } }
    expect(explain({ deployments: [unseen] })).toBeNull()
  })
})

describe('whose Pods count', () => {
  const broken = { name: 'web', image: 'acme/web:old', state: { waiting: { reason: 'ErrImagePull' } } }

  test('law 12: Pods of an older template say nothing about the newest commit', () => {
    const old = pod(
      { containerStatuses: [broken] },
      {
        name: 'web-old-1',
        creationTimestamp: '2026-11-21T11:00:00Z',
        ownerReferences: owned('web-6c6c6c6c6'),
      },
    )
    expect(explain({ pods: [old, pod({ conditions: [isReady] })] })).toBeNull()
    expect(explain({ pods: [old] })).not.toBeNull()
  })

  test('a Pod that is being deleted says nothing', () => {
    expect(
      explain({ pods: [pod({ containerStatuses: [broken] }, { deletionTimestamp: created })] }),
    ).toBeNull()
  })

  test('many Pods with one fault are one line', () => {
    const pods = ['a', 'b', 'c'].map((name) => pod({ containerStatuses: [broken] }, { name }))
    expect(explain({ pods })).toMatchObject({ details: [] })
  })

  test('an older version that is available still serves', () => {
    expect(
      explain({ deployments: [available(deployment)], pods: [pod({ containerStatuses: [broken] })] }),
    ).toMatchObject({ down: false })
  })

  test('the same objects in any order give the same words', () => {
    const pods = [
      pod({ containerStatuses: [broken] }),
      pod(
        { containerStatuses: [{ ...broken, image: 'acme/api:x' }] },
        { name: 'api-1', ownerReferences: [{ kind: 'StatefulSet', name: 'api', controller: true }] },
      ),
      pod(
        { containerStatuses: [{ name: 'x', state: { terminated: { exitCode: 1 } } }] },
        { name: 'job-1', ownerReferences: [{ kind: 'Job', name: 'seed', controller: true }] },
      ),
    ]
    const first = explain({ pods })
    fc.assert(
      fc.property(fc.shuffledSubarray(pods, { minLength: 3 }), (mixed) => {
        expect(explain({ pods: mixed })).toEqual(first)
      }),
    )
    expect(first?.details).toHaveLength(2)
  })
})

describe('untrusted text', () => {
  test('is one line, without control characters, and bounded', () => {
    const message = `\u001B[31mpanic\u0000\u202E <!-- mayfly:state --> @everyone\n${'x'.repeat(5000)}`
    const ended = { name: 'web', state: { terminated: { exitCode: 1, message: message.replace('\n', ' ') } } }
    const why = explain({ pods: [pod({ containerStatuses: [ended] })] })?.why ?? ''
    expect(why).toMatch(/^Deployment `web` crashes: container `web` ended with exit code 1: panic /)
    expect(why).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect(why.length).toBeLessThanOrEqual(400)
  })

  test('of any form is never a crash', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const odd = [value as unknown as KubernetesObject]
        const within = [changed(pod({}), ['status'], value)]
        const result = explain({
          deployments: odd,
          statefulSets: odd,
          daemonSets: odd,
          jobs: odd,
          pods: [...odd, ...within],
          claims: odd,
          events: odd,
        })
        return result?.why !== ''
      }),
    )
  })
})

const isReady = { type: 'Ready', status: 'True' }

function explain(workloads: Partial<WorkloadObjects>) {
  const none = {
    deployments: [],
    statefulSets: [],
    daemonSets: [],
    jobs: [],
    pods: [],
    claims: [],
    events: [],
  }
  return explainWorkloads({ ...none, ...workloads })
}

function pod(status: object, metadata: object = {}): KubernetesObject {
  const own = {
    name: 'web-7d9f8c6b5-x2x2x',
    creationTimestamp: created,
    ownerReferences: owned('web-7d9f8c6b5'),
  }
  return { metadata: { ...own, ...metadata }, status: { phase: 'Pending', ...status } }
}

function owned(replicaSet: string) {
  return [{ kind: 'ReplicaSet', name: replicaSet, controller: true }]
}

function available(object: typeof deployment) {
  return { ...object, status: { ...object.status, availableReplicas: 1 } }
}

function warning(kind: string, name: string, reason: string, message: string): KubernetesObject {
  return { type: 'Warning', reason, message, involvedObject: { kind, name }, firstTimestamp: created }
}

function withMessage(namespace: KubernetesObject, condition: number, message: string): KubernetesObject {
  return changed(namespace, ['status', 'conditions', condition, 'message'], message)
}
