import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ForgeCall } from '../../src/forge/http/call.ts'
import { forgeErrorOf } from '../../src/forge/http/refusal.ts'

const call: ForgeCall<unknown> = {
  operation: 'create-comment',
  purpose: 'comment on merge request 7 of acme/shop',
  right: 'Pull requests: write',
  method: 'POST',
  path: ['repos', 'acme', 'shop', 'issues', '7', 'comments'],
  schema: z.unknown(),
}

function refused(status: number, headers: Record<string, string> = {}) {
  const raw = { status, headers: new Headers(headers), text: '{"message":"no"}' }
  return forgeErrorOf(raw, call, { forge: 'github', now: new Date(0), secret: 'canary' })
}

describe('a refusal', () => {
  it.each([401, 403, 404])('with %d names the right that the token lacks', (status) => {
    expect(refused(status)).toMatchObject({ name: 'Stalled', right: 'Pull requests: write' })
    expect(refused(status)?.message).toContain('`Pull requests: write`')
  })

  it.each([400, 410, 422])('with %d is not about the token', (status) => {
    expect(refused(status)).toMatchObject({ name: 'Stalled', right: null })
  })

  it('passes on which permissions GitHub itself takes', () => {
    const accepted = { 'x-accepted-github-permissions': 'issues=write; pull_requests=write' }
    expect(refused(403, accepted)?.message).toContain('GitHub takes here: issues=write; pull_requests=write.')
  })
})
