import { type PreviewEnd, type PreviewFacts, statusOf } from '../../src/preview/status-of.ts'
import type { Observation } from '../../src/preview/observation.ts'
import { previewId } from '../../src/preview/preview-id.ts'
import type { PreviewStatus, Removal } from '../../src/preview/status.ts'
import { shaA, shaB } from '../preview/fixtures.ts'

const pushed = new Date('2026-11-21T10:40:19Z')
export const since = new Date('2026-11-21T10:42:07Z')

/** The manifest of `d4e5f6a` stands. */
export function finding(change: Partial<PreviewFacts> = {}): PreviewFacts {
  const { application = 'shop' } = change
  return {
    preview: previewId(application, 142),
    application,
    number: 142,
    name: `${application}-142-cart`,
    namespace: `preview-${application}-142-cart`,
    url: `https://${application}-142-cart.preview.acme.dev`,
    sha: shaB,
    manifest: { path: `apps/${application}-142-cart.yml`, commit: shaA, sha: shaB },
    changedAt: pushed,
    byEvent: true,
    end: { kind: 'stands' },
    ...change,
  }
}

/** The same once the merge request is merged. */
export function ended(removal: Partial<Removal> = {}, application = 'shop'): PreviewFacts {
  const end: PreviewEnd = {
    kind: 'removed',
    why: 'the merge request was merged',
    removal: {
      cause: 'merged',
      commit: shaA,
      livedMs: 273_600_000,
      deploys: 7,
      goneAfterMs: null,
      ...removal,
    },
  }
  return finding({ application, url: null, manifest: null, end })
}

export const pullFails = {
  kind: 'degraded',
  serving: shaA,
  why: 'Deployment `web` cannot pull its image: ErrImagePull: image web:d4e5f6a not found',
  details: [
    'Job `migrate` failed: Job has reached the specified backoff limit',
    'Deployment `web`: ReplicaSet "web-7d4b9c" has timed out progressing.',
  ],
  since,
} as const satisfies Observation

const held = {
  kind: 'removing',
  why: 'the finalizer `acme.example/hold` holds 1 object in the namespace',
  details: ['Some resources are remaining: 1 configmaps'],
  held: true,
  since,
} as const satisfies Observation

const waiting: PreviewFacts = finding({ manifest: null, changedAt: null })
const later = new Date('2026-11-22T11:42:07Z')

export const observedDesigns: Readonly<Record<string, readonly PreviewStatus[]>> = {
  ready: [statusOf(finding(), { kind: 'ready', serving: shaB, since })],
  'ready-since-another-day': [statusOf(finding(), { kind: 'ready', serving: shaB, since: later })],
  'ready-since-nobody-knows': [statusOf(finding(), { kind: 'ready', serving: shaB, since: null })],
  'ready-before-a-change-of-the-manifest': [
    statusOf(finding({ changedAt: later }), { kind: 'ready', serving: shaB, since }),
  ],
  'deploying-not-picked-up': [statusOf(finding(), { kind: 'absent' })],
  'deploying-while-the-older-serves': [statusOf(finding(), { kind: 'ready', serving: shaA, since })],
  'deploying-not-reachable': [
    statusOf(finding(), { kind: 'ready', serving: shaB, since }, 'its certificate is self-signed'),
  ],
  'deploying-with-reasons': [
    statusOf(finding(), {
      kind: 'deploying',
      serving: null,
      why: 'waiting for 2 of 3 resources',
      details: [
        'Deployment `web`: 0 of 1 replicas are available',
        'StatefulSet `db`: 0 of 1 replicas are ready',
      ],
      since,
    }),
  ],
  'degraded-older-serves': [statusOf(finding(), pullFails)],
  'degraded-nothing-serves': [statusOf(finding(), { ...pullFails, serving: null })],
  'degraded-later': [
    statusOf(finding(), {
      kind: 'degraded',
      serving: shaB,
      why: 'Deployment `web`: container `web` crashes again and again (exit code 1)',
      details: [],
      since: later,
    }),
  ],
  'failed-sync': [
    statusOf(finding(), {
      kind: 'failed',
      serving: shaA,
      why: 'Argo CD cannot apply it',
      details: [
        'Deployment `web` is invalid: spec.replicas: Invalid value: "three"',
        'the operation was retried 3 times',
      ],
      since,
    }),
  ],
  'failed-source': [
    statusOf(finding(), {
      kind: 'failed',
      serving: null,
      why: 'Argo CD cannot render it: deploy/chart: app path does not exist',
      details: [],
      since: null,
    }),
  ],
  'waiting-for-the-old-namespace': [statusOf(waiting, { ...held, held: false, details: [] })],
  'waiting-for-a-held-namespace': [statusOf(waiting, held)],
  'removing-not-seen': [statusOf(ended(), { kind: 'ready', serving: shaB, since })],
  removing: [statusOf(ended(), { ...held, held: false, why: 'the namespace is being deleted', details: [] })],
  'removing-held': [statusOf(ended(), held)],
  'removed-with-namespace': [statusOf(ended({ goneAfterMs: 120_000 }), { kind: 'absent' })],
  'removed-with-namespace-by-another-process': [statusOf(ended(), { kind: 'absent' })],
  'several-degraded': [
    statusOf(finding({ application: 'web' }), { kind: 'ready', serving: shaB, since }),
    statusOf(finding({ application: 'api' }), pullFails),
    statusOf(finding({ application: 'docs' }), { ...pullFails, kind: 'failed', serving: null }),
  ],
  'several-removed-with-namespaces': [
    statusOf(ended({ goneAfterMs: 61_000 }, 'web'), { kind: 'absent' }),
    statusOf(ended({ goneAfterMs: 120_000 }, 'api'), { kind: 'absent' }),
  ],
}
