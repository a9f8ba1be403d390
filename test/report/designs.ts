import { previewId } from '../../src/preview/preview-id.ts'
import type { PreviewStatus } from '../../src/preview/status.ts'
import { shaA, shaB } from '../preview/fixtures.ts'
import { observedDesigns } from './observed-designs.ts'

export const place = { branch: 'dynamic-envs' }

export function status(change: Partial<PreviewStatus> = {}): PreviewStatus {
  return {
    preview: previewId('shop', 142),
    application: 'shop',
    number: 142,
    name: 'shop-142-cart',
    namespace: 'preview-shop-142-cart',
    url: 'https://shop-142-cart.preview.acme.dev',
    state: 'deploying',
    message: 'this installation does not watch an agent, so readiness is not known',
    details: [],
    rulings: [],
    advice: '',
    sha: shaB,
    servingSha: null,
    manifest: { path: 'apps/shop-142-cart.yml', commit: shaA },
    watched: false,
    fromCluster: false,
    forPeople: false,
    since: new Date('2026-11-21T10:42:07Z'),
    pushedAt: new Date('2026-11-21T10:40:19Z'),
    removal: null,
    ...change,
  }
}

const gone = { url: null, manifest: null, state: 'removed', message: 'the merge request was merged' } as const

const untouched = 'it changes none of docs/**'
const overfull = 'gitea lists 2 of the files that merge request 142 of acme/shop changes, at least 3'

/** One of several applications. */
function of(application: string, change: Partial<PreviewStatus>): PreviewStatus {
  return status({
    preview: previewId(application, 142),
    application,
    name: `${application}-142-cart`,
    namespace: `preview-${application}-142-cart`,
    url: `https://${application}-142-cart.preview.acme.dev`,
    manifest: { path: `apps/${application}-142-cart.yml`, commit: shaA },
    ...change,
  })
}

export function ready(application: string): PreviewStatus {
  return of(application, { state: 'ready', watched: true, servingSha: shaB, message: 'running and healthy' })
}

export function deploying(application: string): PreviewStatus {
  return of(application, {
    watched: true,
    servingSha: shaA,
    message: `waiting for the Deployment ${application}`,
  })
}

function removed(application: string, message: string = gone.message): PreviewStatus {
  const removal = {
    cause: 'not-eligible',
    commit: shaA,
    livedMs: 273_600_000,
    deploys: 7,
    goneAfterMs: null,
  } as const
  return of(application, { ...gone, message, removal })
}

export function never(application: string): PreviewStatus {
  const removal = { cause: 'merged', commit: null, livedMs: null, deploys: null, goneAfterMs: null } as const
  return of(application, { ...gone, removal })
}

/** Every design of the comment, by name: what the golden files show. */
export const designs: Readonly<Record<string, readonly PreviewStatus[]>> = {
  'deploying-unwatched': [status()],
  'deploying-serving-older': [
    status({ watched: true, servingSha: shaA, message: 'waiting for the Deployment web' }),
  ],
  'refused-policy': [
    status({
      state: 'refused',
      message: 'spec.project is default, which is never allowed: name a project of your own',
      details: ['document 5, spec.project: default is never allowed (rule project)'],
      rulings: [{ rule: 'policy', saw: 'document 5, spec.project: default is never allowed (rule project)' }],
      advice: 'Whoever owns the template can mend it; Mayfly looks again on every push.',
    }),
  ],
  'refused-fork': [
    status({
      state: 'refused',
      manifest: null,
      message: 'the merge request comes from a fork',
      rulings: [{ rule: 'selected', saw: 'the merge request comes from a fork' }],
      advice: 'A maintainer may push the branch to the repository itself after reading the diff.',
    }),
  ],
  failed: [
    status({
      state: 'failed',
      message: 'remote: the branch dynamic-envs is protected',
      servingSha: shaA,
      manifest: null,
    }),
  ],
  waiting: [status({ state: 'waiting', message: 'the environment repository does not answer' })],
  'waiting-for-a-check': [
    status({
      state: 'waiting',
      manifest: null,
      message: 'the check build has not ended yet',
      rulings: [
        {
          rule: 'checks',
          saw: 'the check lint has passed; the check build has not ended yet (at d4e5f6a)',
        },
      ],
    }),
  ],
  'waiting-for-an-approval': [
    status({
      state: 'waiting',
      watched: true,
      servingSha: shaA,
      forPeople: true,
      message: 'the merge request comes from a fork, and nobody has approved d4e5f6a',
      advice:
        'Whoever may write to this repository can start it after reading the diff: `/preview approve d4e5f6a`.',
    }),
  ],
  'waiting-for-a-place': [
    status({
      state: 'waiting',
      manifest: null,
      message: 'place 2 of 3 in the queue: all 10 places are taken',
      rulings: [{ rule: 'place', saw: 'place 2 of 3 in the queue: all 10 places are taken' }],
      advice:
        'The longest without a new commit: shop-131-cart (since 2026-11-19 10:42 UTC). A place comes free when a merge request is merged or closed.',
    }),
  ],
  'removed-evicted': [
    status({
      ...gone,
      watched: true,
      message: 'it was evicted by ada, until the next push',
      removal: { cause: 'evicted', commit: shaA, livedMs: 273_600_000, deploys: 7, goneAfterMs: 7_000 },
    }),
  ],
  removed: [
    status({
      ...gone,
      removal: { cause: 'merged', commit: shaA, livedMs: 273_600_000, deploys: 7, goneAfterMs: null },
    }),
  ],
  'removed-short-history': [
    status({
      ...gone,
      removal: { cause: 'merged', commit: shaA, livedMs: null, deploys: null, goneAfterMs: null },
    }),
  ],
  'several-applications': [ready('web'), deploying('api')],
  'several-one-left': [ready('web'), removed('docs', untouched), never('api')],
  'several-on-their-way-out': [
    ready('web'),
    deploying('api'),
    of('docs', { state: 'removing', watched: true, message: 'the agent has not seen the removal yet' }),
  ],
  'several-in-trouble': [
    ready('web'),
    of('api', {
      state: 'refused',
      since: null,
      message: 'spec.project is default, which is never allowed: name a project of your own',
      details: ['document 5, spec.project: default is never allowed (rule project)'],
      rulings: [{ rule: 'policy', saw: 'document 5, spec.project: default is never allowed (rule project)' }],
      advice: 'Whoever owns the template can mend it; Mayfly looks again on every push.',
    }),
    of('docs', { state: 'waiting', message: overfull, manifest: null, since: null }),
    of('help', { state: 'waiting', message: overfull, manifest: null, since: null }),
  ],
  'several-removed': [removed('web'), removed('api'), never('docs')],
  'several-removed-for-their-own-reasons': [removed('web', untouched), removed('api', 'its author is a bot')],
  'several-that-never-were': [never('web'), never('docs')],
  ...observedDesigns,
}
