import { describe, expect, it } from 'vitest'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'
import { createSweepMonitor } from '../../src/sweep/sweep-monitor.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

const shop = { forge: 'github', repository: 'acme/shop' }
const docs = { forge: 'github', repository: 'acme/docs' }
const minute = 60_000

function fixture() {
  const clock = createVirtualClock()
  const watch = createSweepMonitor({ sources: [shop, docs], everyMs: 10 * minute, clock })
  return { clock, watch }
}

describe('the sweep of a repository', () => {
  it('is warned of when it keeps failing, with the reason, and no longer once it is complete', () => {
    const { watch } = fixture()
    watch.failed(shop, new RetryLater('github answered with 502'))
    expect(watch.sentences()).toEqual([])
    watch.failed(shop, new RetryLater('github did not answer'))
    expect(watch.sentences()).toEqual([
      'github:acme/shop: no sweep was complete since 2026-11-21T10:00:00.000Z, so what no webhook tells is not seen. The last 2 failed: github did not answer.',
    ])
    watch.completed(shop)
    expect(watch.sentences()).toEqual([])
  })

  it('is warned of when the last complete one is older than three intervals, be it that none ever ended', async () => {
    const { watch, clock } = fixture()
    await clock.advance(20 * minute)
    watch.completed(docs)
    await clock.advance(10 * minute)
    expect(watch.sentences()).toEqual([])
    await clock.advance(1)
    expect(watch.sentences()).toEqual([expect.stringMatching(/^github:acme\/shop: .* is not seen\.$/)])
  })

  it('does not repeat what the forge refuses: that has a sentence of its own', () => {
    const { watch } = fixture()
    for (let n = 0; n < 2; n++)
      watch.failed(shop, new Stalled('the token may not', { right: 'Metadata: read' }))
    expect(watch.sentences()).toEqual([expect.stringMatching(/The last 2 failed\.$/)])
  })
})
