import { previewId } from '../../src/preview/preview-id.ts'
import type { PreviewState, PreviewStatus } from '../../src/preview/status.ts'
import { shaA, shaB } from '../preview/fixtures.ts'

export const states: readonly PreviewState[] = [
  'waiting',
  'deploying',
  'ready',
  'degraded',
  'failed',
  'refused',
  'removing',
  'removed',
]
export const url = 'https://shop-142-cart.preview.acme.dev'

/** What a stranger may have written, wherever a status takes text. */
export interface Words {
  readonly message: string
  readonly other: string
}

export const harmless: Words = { message: 'words', other: 'words' }

export function status(state: PreviewState, { message, other }: Words): PreviewStatus {
  return {
    preview: previewId('shop', 142),
    application: 'shop',
    number: 142,
    name: 'shop-142-cart',
    namespace: other,
    url,
    state,
    message,
    details: [other, message],
    rulings: [
      { rule: 'checks', saw: other },
      { rule: 'policy', saw: `${message} ${other}` },
    ],
    advice: other,
    sha: shaB,
    servingSha: shaA,
    manifest: { path: other, commit: shaA },
    watched: true,
    fromCluster: state !== 'refused',
    forPeople: false,
    since: new Date('2026-11-21T10:42:07Z'),
    pushedAt: new Date('2026-11-21T10:40:19Z'),
    removal: { cause: 'merged', commit: shaA, livedMs: 273_600_000, deploys: 7, goneAfterMs: 120_000 },
    ...(state === 'removed' ? { manifest: null } : {}),
  }
}
