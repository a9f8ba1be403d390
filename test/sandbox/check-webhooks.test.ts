import { describe, expect, it } from 'vitest'
import { forgeKinds } from '../../src/forge/kinds.ts'
import { systemClock } from '../../src/pace/clock.ts'
import type { CheckWish } from '../../src/sandbox/forge/actions.ts'
import type { CheckEvent } from '../../src/sandbox/forge/forge-event.ts'
import { emptyRepository } from '../../src/sandbox/forge/state.ts'
import { type StandInKind, standInOf } from '../stand-ins/stand-in-of.ts'

const sha = 'd4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c1d2e3'

function readingsOf(kind: StandInKind, wish: Pick<CheckWish, 'name' | 'state' | 'kind'>): readonly unknown[] {
  const { webhooks } = standInOf(kind, systemClock).dialect
  const event: CheckEvent = {
    kind: 'checked',
    repository: emptyRepository(77, 'acme/shop'),
    check: { kind: 'status', description: '', url: '', id: 1, sha, ...wish },
    actor: { id: 2, login: 'dev', fullName: 'A developer', token: 'dev', kind: 'user' },
  }
  const delivery = { secret: 'a-webhook-secret-of-acme', id: 'a-uuid', now: new Date() }
  return webhooks
    .messages(event, { url: 'https://git.acme.dev' })
    .map((message) =>
      forgeKinds[kind].webhook.read(webhooks.headers(message, delivery), JSON.parse(message.body)),
    )
}

describe('stand-ins tell of what CI says', () => {
  const commit = { kind: 'commit-event', repository: { id: '77', fullName: 'acme/shop' }, sha }

  it.each([
    ['gitea', 'status', 'success', 'status'],
    ['github', 'status', 'pending', 'status'],
    ['github', 'check run', 'failure', 'check'],
    ['gitlab', 'status', 'success', 'check'],
    ['gitlab', 'pipeline', 'failed', 'pipeline'],
  ] as const)('%s: a %s that is %s', (forge, kind, state, event) => {
    expect(readingsOf(forge, { name: 'build', state, kind })).toEqual([{ ...commit, event }])
  })

  it.each([
    ['gitea', 'mayfly/shop', 'status', 'success'],
    ['github', 'mayfly/shop', 'status', 'success'],
    ['github', 'build', 'check run', 'in_progress'],
    ['gitlab', 'build', 'status', 'running'],
    ['gitlab', '', 'pipeline', 'running'],
  ] as const)('%s: %s, a %s that is %s, changes nothing', (forge, name, kind, state) => {
    expect(readingsOf(forge, { name, state, kind })).toMatchObject([{ kind: 'ignored' }])
  })

  it.each([
    ['gitea', 'check run'],
    ['gitea', 'pipeline'],
    ['github', 'pipeline'],
  ] as const)('%s knows no %s', (forge, kind) => {
    expect(readingsOf(forge, { name: 'build', state: 'success', kind })).toEqual([])
  })
})
