import { describe, expect, it } from 'vitest'
import type { Limits } from '../../src/lifecycle/limits.ts'
import { heldByPlace } from '../../src/lifecycle/place-words.ts'
import { type PlaceClaim, type PlaceHolder, claimPlace } from '../../src/lifecycle/places.ts'

const none: Limits = {
  total: null,
  perApplication: null,
  perAuthor: null,
  perRepository: null,
  whenFull: 'wait',
}

function holder(preview: string, change: Partial<PlaceHolder> = {}): PlaceHolder {
  return {
    preview,
    application: preview.split('/')[0] ?? '',
    repository: 'github:acme/shop',
    author: 'github/ada',
    ...change,
  }
}

function claim(preview: string, at: number, change: Partial<PlaceHolder> = {}): PlaceClaim {
  return { ...holder(preview, change), at: new Date(at) }
}

const ask = (limits: Partial<Limits>, question: Partial<Parameters<typeof claimPlace>[0]>) =>
  claimPlace({
    limits: { ...none, ...limits },
    standing: [],
    waiting: [],
    mine: claim('shop/9', 9),
    isOverdue: false,
    ...question,
  })

describe('a place', () => {
  it('is free without limits, and below each of them', () => {
    const standing = [holder('shop/1'), holder('shop/2')]
    expect(ask({}, { standing })).toEqual({ kind: 'free' })
    expect(ask({ total: 3, perAuthor: 3, perApplication: 3, perRepository: 3 }, { standing })).toEqual({
      kind: 'free',
    })
  })

  it.each([
    ['total', { author: 'github/eve', application: 'docs', repository: 'github:acme/docs' }, 'full'],
    ['perAuthor', { application: 'docs', repository: 'github:acme/docs' }, 'full'],
    ['perAuthor', { author: 'github/eve' }, 'free'],
    ['perAuthor', { author: null }, 'free'],
    ['perApplication', { author: 'github/eve' }, 'full'],
    ['perApplication', { application: 'docs' }, 'free'],
    ['perRepository', { application: 'docs' }, 'full'],
    ['perRepository', { repository: 'gitlab:acme/shop' }, 'free'],
  ] as const)('%s with one of one taken, for %j: %s', (limit, change, kind) => {
    const answer = ask({ [limit]: 1 }, { standing: [holder('shop/1')], mine: claim('shop/9', 9, change) })
    expect(answer.kind).toBe(kind)
    if (answer.kind === 'full') expect(answer).toMatchObject({ limit, most: 1, holders: ['shop/1'] })
  })

  it('goes to the oldest merge request, whoever asks first', () => {
    const waiting = [claim('shop/3', 3), claim('shop/5', 5)]
    const standing = [holder('shop/1')]
    expect(ask({ total: 2 }, { standing, waiting })).toMatchObject({ kind: 'full', position: 3, waiting: 3 })
    expect(ask({ total: 2 }, { standing, waiting, mine: claim('shop/3', 3) })).toEqual({ kind: 'free' })
    expect(ask({ total: 2 }, { standing, waiting, mine: claim('shop/2', 2) })).toEqual({ kind: 'free' })
    expect(ask({ total: 4 }, { standing, waiting })).toEqual({ kind: 'free' })
  })

  it('law 11: who could have come and did not holds nobody up for ever', () => {
    const waiting = [claim('shop/3', 3)]
    expect(ask({ total: 1 }, { waiting }).kind).toBe('full')
    expect(ask({ total: 1 }, { waiting, isOverdue: true }).kind).toBe('free')
  })

  it('ten thousand of one author change nothing for the others', () => {
    const waiting = Array.from({ length: 10_000 }, (_, at) => claim(`shop/${at + 100}`, at))
    const standing = [holder('shop/1'), holder('shop/2')]
    const limits = { perAuthor: 2, total: 3 }
    expect(ask(limits, { standing, waiting })).toMatchObject({ limit: 'perAuthor' })
    expect(
      ask(limits, { standing, waiting, mine: claim('shop/9', 99_999, { author: 'github/bob' }) }),
    ).toEqual({
      kind: 'free',
    })
  })
})

describe('the words of a full house', () => {
  const full = ask(
    { perAuthor: 2 },
    { standing: [holder('shop/1'), holder('shop/2')], waiting: [claim('shop/3', 3)] },
  )

  it('name the place, the limit, and the oldest holders by date', () => {
    if (full.kind === 'free') throw new Error('free')
    expect(
      heldByPlace(
        full,
        'wait',
        [
          { name: 'shop-1-cart', at: new Date('2026-11-24T10:42:31Z') },
          { name: 'shop-2-pay', at: null },
        ],
        '/preview',
      ),
    ).toEqual({
      state: 'waiting',
      message: 'place 2 of 2 in the queue: all 2 places of this author are taken',
      details: [],
      advice:
        'The longest without a new commit: shop-1-cart (since 2026-11-24 10:42 UTC), shop-2-pay. A place comes free when a merge request is merged or closed, and whoever may write to the repository can end a preview with `/preview evict` on its merge request.',
      againMs: 60_000,
      forPeople: false,
    })
    expect(heldByPlace(full, 'refuse', [], null)).toMatchObject({
      state: 'refused',
      message: 'all 2 places of this author are taken',
      advice: 'A place comes free when a merge request is merged or closed.',
      againMs: null,
    })
  })
})
