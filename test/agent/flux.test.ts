import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KubernetesObject } from '../../src/agent/cluster.ts'
import { observeHelmRelease } from '../../src/agent/flux/observe-helm-release.ts'
import { observeKustomization } from '../../src/agent/flux/observe-kustomization.ts'
import { observeSource } from '../../src/agent/flux/observe-source.ts'
import { changed, fixture, marked, olderSha, sample, wantedSha } from '../support/agent-samples.ts'

const wanted = { sha: wantedSha }

/** What each real Kustomization says when it is the wanted one; its source is somebody else's. */
const told: Readonly<Record<string, object>> = {
  'flux-ready': { kind: 'ready', serving: wantedSha, since: at('10:50:43') },
  'flux-progressing': deploying('Flux waits for its workload to become healthy'),
  'flux-health-check-failed': {
    kind: 'degraded',
    serving: null,
    why: 'Deployment `web` is not healthy',
    details: [],
    since: at('10:51:04'),
  },
  'flux-apply-failed': failed(
    'Deployment `web` is invalid: spec.template.metadata.labels: Invalid value: {"app":"b"}: `selector` does not match template `labels`',
    at('10:50:51'),
  ),
  'flux-unknown-kind': failed(
    'Nope `x`: no matches for kind "Nope" in version "acme.example/v1"',
    at('10:50:53'),
  ),
  'flux-build-failed': failed(
    "kustomize build failed: accumulating resources: accumulation err='accumulating resources from 'nothing.yaml': open badkust/nothing.yaml: no such file or directory': must build at directory: not a valid directory: evalsymlink failure on 'badkust/nothing.yaml' : lstat badkust/nothing.yaml: no such file or directory",
  ),
  'flux-malformed-yaml': failed(
    'failed to decode Kubernetes YAML from badyaml/x.yaml: MalformedYAMLError: yaml: line 1: did not find expected node content',
  ),
  'flux-path-missing': failed('kustomization path not found: stat nowhere: no such file or directory'),
  'flux-source-missing': failed('GitRepository.source.toolkit.fluxcd.io "nowhere" not found'),
  'flux-dependency-not-ready': deploying(
    'waits for what it depends on: dependency \'flux-system/fsmp-nobody\' not found: kustomizations.kustomize.toolkit.fluxcd.io "fsmp-nobody" not found',
  ),
  'flux-suspended': deploying(
    'the Kustomization `fsmp-suspended` is suspended: Flux does nothing until somebody resumes it',
  ),
  'flux-suspended-after-ready': deploying(
    'the Kustomization `fsmp-ready` is suspended: Flux does nothing until somebody resumes it',
  ),
}

describe('a Kustomization as Flux left it', () => {
  test.each(Object.entries(told))('%s', (name, observation) => {
    expect(observeKustomization(marked(sample(name), wantedSha), wanted, []).observation).toEqual(observation)
  })
})

/** A Kustomization of the starter template: its source is the preview's own and pinned to the commit. */
const source = fixture('git-repository-pinned')
const held = `cart@sha1:${wantedSha}`
const before = `cart@sha1:${olderSha}`

function pinned(
  name: string,
  revisions: { applied?: string; attempted?: string; last?: string },
): KubernetesObject {
  const { applied, attempted, last } = revisions
  return [
    [['spec', 'sourceRef'], { kind: 'GitRepository', name: 'shop-142-cart' }],
    [['status', 'lastAppliedRevision'], applied],
    [['status', 'lastAttemptedRevision'], attempted],
    [['status', 'history', 0, 'metadata', 'revision'], last ?? attempted],
  ].reduce(
    (object, [path, value]) => changed(object, path as string[], value),
    changed(
      marked(sample(name), wantedSha),
      ['status', 'history', 0, 'lastReconciledStatus'],
      'ReconciliationSucceeded',
    ),
  )
}

describe('a Kustomization whose source is pinned to the commit', () => {
  const reconcile = (object: KubernetesObject, sources = [source]) =>
    observeKustomization(object, wanted, sources).observation

  test('is ready when it applied what the source holds', () => {
    const object = pinned('flux-ready', { applied: held, attempted: held })
    expect(reconcile(object)).toEqual({ kind: 'ready', serving: wantedSha, since: at('10:50:43') })
  })

  test('is not ready while it has the commit before, although nothing of its own spec changed', () => {
    const object = pinned('flux-ready', { applied: before, attempted: before })
    expect(reconcile(object)).toMatchObject({
      kind: 'deploying',
      serving: olderSha,
      why: 'Flux has not applied this commit yet',
    })
  })

  test('waits while the source still holds the commit before', () => {
    const behind = changed(source, ['status', 'artifact', 'revision'], before)
    const object = pinned('flux-ready', { applied: before, attempted: before })
    expect(reconcile(object, [behind])).toMatchObject({
      kind: 'deploying',
      serving: olderSha,
      why: 'Flux waits for its source',
    })
  })

  test('that there was no source yet is not told once there is', () => {
    const path = ['status', 'conditions', 1, 'message']
    const object = pinned('flux-path-missing', { attempted: held })
    const early = changed(object, path, 'Source artifact not found, retrying in 30s')
    expect(reconcile(object)).toMatchObject({ kind: 'failed' })
    expect(reconcile(early)).toMatchObject({ kind: 'deploying', why: 'Flux waits for its source' })
  })

  test('a failure of the commit before is not told of this one', () => {
    const object = pinned('flux-health-check-failed', { applied: before, attempted: before })
    expect(reconcile(object)).toMatchObject({
      kind: 'deploying',
      serving: olderSha,
      why: 'Flux has not tried this commit yet',
    })
  })

  test('law 12: the workload of the commit before, which Flux still waits for, is not told of this one', () => {
    const object = pinned('flux-progressing', { applied: before, attempted: before })
    expect(observeKustomization(object, wanted, [source])).toMatchObject({
      applied: false,
      observation: {
        kind: 'deploying',
        serving: olderSha,
        why: 'Flux is still at the commit before, at most for its timeout',
      },
    })
  })

  test('its end waits for the health check that Flux is at', () => {
    const path = ['metadata', 'deletionTimestamp']
    const [ready, checked] = ['flux-ready', 'flux-progressing'].map((name) =>
      changed(pinned(name, { applied: held, attempted: held }), path, '2026-11-21T11:05:38Z'),
    )
    expect(reconcile(ready ?? {})).toMatchObject({
      kind: 'removing',
      why: expect.stringMatching(/^Flux is deleting what /) as string,
    })
    expect(reconcile(checked ?? {})).toMatchObject({
      ...{ kind: 'removing', held: false },
      why: expect.stringMatching(/^Flux still waits for the workload of /) as string,
    })
  })

  test('a failure of this commit leaves the one before serving', () => {
    const object = pinned('flux-health-check-failed', { applied: before, attempted: held })
    expect(reconcile(object)).toMatchObject({
      kind: 'degraded',
      serving: olderSha,
      why: 'Deployment `web` is not healthy',
    })
  })

  test('an older mark is an older manifest', () => {
    const object = marked(pinned('flux-ready', { applied: before, attempted: before }), olderSha)
    expect(reconcile(object)).toMatchObject({
      kind: 'deploying',
      serving: olderSha,
      why: 'Flux has not applied the newest manifest yet',
    })
  })

  test('stays ready while Flux only looks again', () => {
    const object = changed(
      pinned('flux-progressing', { applied: held, attempted: held }),
      ['status', 'observedGeneration'],
      1,
    )
    const again = changed(object, ['status', 'history', 0, 'firstReconciled'], '2026-11-21T10:50:43Z')
    expect(reconcile(again)).toEqual({ kind: 'ready', serving: wantedSha, since: at('10:50:43') })
  })

  test('a new generation of it is not ready while Flux looks', () => {
    const object = pinned('flux-progressing', { applied: held, attempted: held })
    expect(reconcile(object)).toMatchObject({ kind: 'deploying' })
  })

  test('stays degraded while Flux tries again', () => {
    const busy = pinned('flux-progressing', { applied: before, attempted: held })
    const object = changed(busy, ['status', 'history', 0, 'lastReconciledStatus'], 'HealthCheckFailed')
    expect(reconcile(object)).toMatchObject({
      kind: 'degraded',
      serving: olderSha,
      why: 'the last try failed, and Flux tries again',
    })
  })

  test('names every object that did not become healthy, without those that were applied', () => {
    const object = pinned('flux-health-check-failed', { applied: before, attempted: held })
    const message =
      "health check failed after 5m0.1s: timeout waiting for: [Deployment/preview-x/web status: 'InProgress', Job/preview-x/seed status: 'Failed']"
    expect(reconcile(changed(object, ['status', 'conditions', 1, 'message'], message))).toMatchObject({
      why: 'Deployment `web` did not become healthy in time',
      details: ['Job `seed` is not healthy'],
    })
  })
})

describe('a HelmRelease, as Flux documents its states', () => {
  const chart = 'shop@0.1.0+d4e5f6a0d4e5'
  const why = `Helm upgrade failed for release preview-shop-142-cart/shop with chart ${chart}: context deadline exceeded`
  const rollback =
    'Helm rollback to previous release preview-shop-142-cart/shop.v1 with chart shop@0.1.0+a1b2c3d0a1b2 succeeded'
  test.each([
    ['helm-release-ready', { kind: 'ready', serving: wantedSha, since: at('12:00:30') }],
    ['helm-release-ready-tested', { kind: 'ready', serving: wantedSha, since: at('12:00:30') }],
    ['helm-release-progressing', deploying('Flux is releasing the chart')],
    [
      'helm-release-upgrade-failed',
      { kind: 'degraded', serving: null, why, details: [], since: at('12:00:30') },
    ],
    [
      'helm-release-install-failed',
      {
        ...failed(
          `Helm install failed for release preview-shop-142-cart/shop with chart ${chart}: template: shop/templates/web.yaml:1:10: executing "shop/templates/web.yaml" at <.Values.nope.deeper>: nil pointer evaluating interface {}.deeper`,
          at('12:00:30'),
        ),
        details: ['Failed to install after 4 attempt(s)'],
      },
    ],
    [
      'helm-release-rolled-back',
      { ...failed(why, at('12:00:30')), details: [rollback, 'Failed to upgrade after 1 attempt(s)'] },
    ],
    [
      'helm-release-test-failed',
      {
        kind: 'degraded',
        serving: null,
        why: `Helm test failed for release preview-shop-142-cart/shop.v2 with chart ${chart}: 1 error occurred: * pod shop-test-a0tew failed`,
        details: ['Failed to upgrade after 1 attempt(s)'],
        since: at('12:00:30'),
      },
    ],
    [
      'helm-release-chart-not-ready',
      deploying(
        "waits for its chart: HelmChart 'flux-system/flux-system-shop-142-cart' is not ready: invalid chart reference: stat /tmp/helmchart-flux-system-flux-system-shop-142-cart-120/source/chart: no such file or directory",
      ),
    ],
    [
      'helm-release-dependency-not-ready',
      deploying("waits for what it depends on: dependency 'flux-system/database' is not ready"),
    ],
    [
      'helm-release-values-error',
      failed(
        "could not resolve Secret chart values reference 'flux-system/shop-values' with key 'values.yaml': secrets \"shop-values\" not found",
        at('12:00:30'),
      ),
    ],
    [
      'helm-release-suspended',
      deploying('the HelmRelease `shop-142-cart` is suspended: Flux does nothing until somebody resumes it'),
    ],
    [
      'helm-release-deleting',
      {
        kind: 'removing',
        why: 'Flux is deleting what shop-142-cart made',
        details: [],
        held: false,
        since: at('12:30:00'),
      },
    ],
    [
      'helm-release-uninstall-failed',
      {
        kind: 'removing',
        why: `Flux cannot uninstall the release: Helm uninstall failed for release preview-shop-142-cart/shop.v2 with chart ${chart}: failed to delete release: shop`,
        details: [],
        held: true,
        since: at('12:30:00'),
      },
    ],
  ])('%s', (name, observation) => {
    expect(observeHelmRelease(fixture(name), wanted, [source]).observation).toEqual(observation)
  })

  test('with the chart of the commit before it is not ready, although its spec is the new one', () => {
    const behind = changed(
      fixture('helm-release-ready'),
      ['status', 'history', 0, 'chartVersion'],
      '0.1.0+a1b2c3d0a1b2',
    )
    expect(observeHelmRelease(behind, wanted, [source]).observation).toEqual(
      deploying('Flux has not released the chart of this commit yet'),
    )
  })

  test('with a chart of another source it is ready by its own word', () => {
    expect(observeHelmRelease(fixture('helm-release-ready'), wanted, []).observation.kind).toBe('ready')
  })

  test('an image by digest is the chart that was released', () => {
    const digest = `sha256:${'ab'.repeat(32)}`
    const oci = changed(changed(source, ['kind'], 'OCIRepository'), ['spec', 'ref'], { tag: '1.0.0' })
    const stored = changed(oci, ['status', 'artifact', 'revision'], `1.0.0@${digest}`)
    const referring = changed(fixture('helm-release-ready'), ['spec', 'chartRef'], {
      kind: 'OCIRepository',
      name: 'shop-142-cart',
    })
    const same = changed(referring, ['status', 'lastAttemptedRevisionDigest'], digest)
    expect(observeHelmRelease(same, wanted, [stored]).observation.kind).toBe('ready')
    const other = changed(referring, ['status', 'lastAttemptedRevisionDigest'], `sha256:${'cd'.repeat(32)}`)
    expect(observeHelmRelease(other, wanted, [stored]).observation.kind).toBe('deploying')
  })

  test('an older healthy one serves its own commit', () => {
    const older = marked(fixture('helm-release-ready'), olderSha)
    expect(observeHelmRelease(older, wanted, [source]).observation).toMatchObject({
      kind: 'deploying',
      serving: olderSha,
    })
  })

  test('a failure is still told while Flux tries the same chart again', () => {
    const conditions = (fixture('helm-release-upgrade-failed')['status'] as { conditions: object[] })
      .conditions
    const again = { ...conditions[1], status: 'Unknown', reason: 'Progressing', message: 'Running upgrade' }
    const busy = changed(fixture('helm-release-upgrade-failed'), ['status', 'conditions', 1], again)
    expect(observeHelmRelease(busy, wanted, [source]).observation).toMatchObject({ kind: 'degraded', why })
  })
})

describe('a source', () => {
  test('is ready when it holds the pinned commit', () => {
    expect(observeSource(source, wanted).observation).toEqual({
      kind: 'ready',
      serving: wantedSha,
      since: at('12:00:05'),
    })
    expect(
      observeSource(marked(sample('flux-gitrepository-ready'), wantedSha), wanted).observation.kind,
    ).toBe('ready')
  })

  test('says why it cannot be fetched', () => {
    expect(observeSource(marked(sample('flux-gitrepository-failed'), wantedSha), wanted).observation).toEqual(
      failed(
        "GitRepository `fsmp-noauth`: failed to checkout and determine revision: unable to clone 'http://127.0.0.1:33345/acme/shop.gitx': authentication required: Unauthorized",
        at('10:51:12'),
      ),
    )
  })

  test('with another artifact than the pinned commit is still being fetched, and serves the older', () => {
    const behind = changed(source, ['status', 'artifact', 'revision'], before)
    expect(observeSource(behind, wanted).observation).toMatchObject({ kind: 'deploying', serving: olderSha })
  })
})

describe('law 12: ready needs every single fact', () => {
  const facts: readonly (readonly [fact: string, path: readonly (string | number)[], value: unknown])[] = [
    ['the mark of another commit', ['metadata', 'annotations', 'mayfly.dev/sha'], olderSha],
    ['being deleted', ['metadata', 'deletionTimestamp'], '2026-11-21T11:05:38Z'],
    ['a newer generation', ['metadata', 'generation'], 7],
    ['suspended', ['spec', 'suspend'], true],
    ['not ready', ['status', 'conditions', 0, 'status'], 'False'],
    ['ready unknown', ['status', 'conditions', 0, 'status'], 'Unknown'],
    ['ready for an older generation', ['status', 'conditions', 0, 'observedGeneration'], 0],
    ['no ready condition', ['status', 'conditions', 0, 'type'], 'Fine'],
    ['no conditions', ['status', 'conditions'], []],
    ['no status', ['status'], undefined],
    ['conditions of another form', ['status', 'conditions'], 'none'],
  ]
  const kustomization = pinned('flux-ready', { applied: held, attempted: held })

  test.each([
    ...facts,
    ['an older revision applied', ['status', 'lastAppliedRevision'], before] as const,
    ['no revision applied', ['status', 'lastAppliedRevision'], undefined] as const,
  ])('no Kustomization with: %s', (_fact, path, value) => {
    expect(observeKustomization(kustomization, wanted, [source]).observation.kind).toBe('ready')
    const flipped = changed(kustomization, path, value)
    expect(observeKustomization(flipped, wanted, [source]).observation.kind).not.toBe('ready')
  })

  test.each([
    ...facts,
    ['an older chart', ['status', 'history', 0, 'chartVersion'], '0.1.0+a1b2c3d0a1b2'] as const,
  ])('no HelmRelease with: %s', (_fact, path, value) => {
    const release = fixture('helm-release-ready')
    expect(observeHelmRelease(release, wanted, [source]).observation.kind).toBe('ready')
    expect(observeHelmRelease(changed(release, path, value), wanted, [source]).observation.kind).not.toBe(
      'ready',
    )
  })

  test.each([
    ...facts,
    ['another artifact', ['status', 'artifact', 'revision'], before] as const,
    ['no artifact', ['status', 'artifact'], undefined] as const,
  ])('no source, and nothing made of it, with: %s', (_fact, path, value) => {
    const flipped = changed(source, path, value)
    expect(observeSource(flipped, wanted).observation.kind).not.toBe('ready')
  })

  test('nothing that reports a stall', () => {
    const stalled = { type: 'Stalled', status: 'True', observedGeneration: 1, message: 'no', reason: 'No' }
    const object = changed(kustomization, ['status', 'conditions', 2], stalled)
    expect(observeKustomization(object, wanted, [source]).observation).toMatchObject({
      kind: 'failed',
      why: 'no',
    })
  })
})

test('objects of any form give words and never throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const odd = value as unknown as KubernetesObject
      const seen = [
        observeKustomization(odd, wanted, [odd]),
        observeHelmRelease(odd, wanted, [odd]),
        observeSource(odd, wanted),
      ]
      return seen.every(({ observation }) => observation.kind === 'deploying')
    }),
  )
})

test('an odd status gives words and never throws', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(['status'], ['spec'], ['status', 'conditions'], ['status', 'history']),
      fc.jsonValue(),
      (path, value) => {
        const odd = changed(pinned('flux-ready', { applied: held, attempted: held }), path, value)
        const release = changed(fixture('helm-release-ready'), path, value)
        const sources = [source, changed(source, path, value)]
        observeKustomization(odd, wanted, sources)
        observeHelmRelease(release, wanted, sources)
        return observeSource(changed(source, path, value), wanted).observation.kind !== 'absent'
      },
    ),
  )
})

function deploying(why: string): object {
  return { kind: 'deploying', serving: null, why, details: [], since: null }
}

function failed(why: string, since: Date | null = null): object {
  return { kind: 'failed', serving: null, why, details: [], since }
}

function at(time: string): Date {
  return new Date(`2026-11-21T${time}Z`)
}
