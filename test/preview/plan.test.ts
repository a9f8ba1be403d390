import { describe, expect, it } from 'vitest'
import { planRemoval, planWrite } from '../../src/preview/plan.ts'
import { shaA, shaB } from './fixtures.ts'

const wanted = { path: 'apps/shop-142-cart.yml', content: 'new', name: 'shop-142-cart', sha: shaB }
const asked = { prompt: 'event', removedBefore: false } as const
const standing = { ...wanted, content: 'old', sha: shaA }
const renamed = { ...standing, path: 'apps/shop-142-basket.yml', name: 'shop-142-basket' }
const closed = { kind: 'absent', cause: 'closed', why: 'closed' } as const

describe('plan', () => {
  it('creates, and says whether it is the first time', () => {
    expect(planWrite(wanted, [], asked)).toEqual({
      kind: 'write',
      edits: [{ path: wanted.path, content: 'new' }],
      subject: 'preview shop-142-cart: create at d4e5f6a',
      cause: 'opened',
    })
    expect(planWrite(wanted, [], { ...asked, removedBefore: true })).toMatchObject({ cause: 'reopened' })
    expect(planWrite(wanted, [], { ...asked, prompt: 'sweep' })).toMatchObject({ cause: 'sweep' })
  })

  it('law 6: plans nothing when the same bytes stand', () => {
    expect(planWrite(wanted, [wanted], asked)).toEqual({ kind: 'nothing' })
    expect(planRemoval(closed, [], asked)).toEqual({ kind: 'nothing' })
  })

  it('updates in place', () => {
    expect(planWrite(wanted, [standing], asked)).toMatchObject({
      subject: 'preview shop-142-cart: update to d4e5f6a',
      cause: 'pushed',
    })
    expect(planWrite({ ...wanted, sha: shaA }, [standing], asked)).toMatchObject({ cause: 'changed' })
  })

  it('replaces the old file in the same commit when the branch was renamed: no two files, no gap', () => {
    expect(planWrite(wanted, [renamed], asked)).toMatchObject({
      edits: [
        { path: wanted.path, content: 'new' },
        { path: renamed.path, content: null },
      ],
      subject: 'preview shop-142-cart: update to d4e5f6a (was shop-142-basket)',
    })
  })

  it('removes the committed paths, all of them', () => {
    expect(planRemoval(closed, [standing, renamed], asked)).toEqual({
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
