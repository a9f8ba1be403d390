import { describe, expect, it } from 'vitest'
import { planRemoval, planWrite } from '../../src/preview/plan.ts'
import { shaA, shaB } from './fixtures.ts'

const wanted = { path: 'apps/shop-142-cart.yml', content: 'new', name: 'shop-142-cart', sha: shaB }
const context = { trigger: 'event', removedBefore: false } as const
const standing = { ...wanted, content: 'old', sha: shaA }
const renamed = { ...standing, path: 'apps/shop-142-basket.yml', name: 'shop-142-basket' }
const closed = { kind: 'absent', cause: 'closed', why: 'closed' } as const

describe('plan', () => {
  it('creates, and says whether it is the first time', () => {
    expect(planWrite(wanted, [], context)).toEqual({
      kind: 'write',
      edits: [{ path: wanted.path, content: 'new' }],
      subject: 'preview shop-142-cart: create at d4e5f6a',
      cause: 'opened',
    })
    expect(planWrite(wanted, [], { ...context, removedBefore: true })).toMatchObject({ cause: 'reopened' })
    expect(planWrite(wanted, [], { ...context, trigger: 'sweep' })).toMatchObject({ cause: 'sweep' })
  })

  it('law 6: plans nothing when the same bytes stand', () => {
    expect(planWrite(wanted, [wanted], context)).toEqual({ kind: 'nothing' })
    expect(planRemoval(closed, [], context)).toEqual({ kind: 'nothing' })
  })

  it('updates in place', () => {
    expect(planWrite(wanted, [standing], context)).toMatchObject({
      subject: 'preview shop-142-cart: update to d4e5f6a',
      cause: 'pushed',
    })
    expect(planWrite({ ...wanted, sha: shaA }, [standing], context)).toMatchObject({ cause: 'changed' })
  })

  it('replaces the old file in the same commit when the branch was renamed: no two files, no gap', () => {
    expect(planWrite(wanted, [renamed], context)).toMatchObject({
      edits: [
        { path: wanted.path, content: 'new' },
        { path: renamed.path, content: null },
      ],
      subject: 'preview shop-142-cart: update to d4e5f6a (was shop-142-basket)',
    })
  })

  it('removes the committed paths, all of them', () => {
    expect(planRemoval(closed, [standing, renamed], context)).toEqual({
      kind: 'write',
      edits: [
        { path: standing.path, content: null },
        { path: renamed.path, content: null },
      ],
      subject: 'preview shop-142-cart: remove: closed',
      cause: 'closed',
    })
  })
})
