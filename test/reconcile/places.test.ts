import { describe, expect, it } from 'vitest'
import type { Limits } from '../../src/lifecycle/limits.ts'
import { anApplication } from '../preview/fixtures.ts'
import { found, given } from './given.ts'

const none: Limits = {
  total: null,
  perApplication: null,
  perAuthor: null,
  perRepository: null,
  whenFull: 'wait',
}

/** Somebody else's pass has noted that these wait. */
function queue(pass: ReturnType<typeof given>, ...numbers: readonly number[]) {
  for (const number of numbers)
    pass.repository.push(
      [],
      `preview shop-${number}: wait for a place\n\nMayfly-Preview: shop/${number}\nMayfly-Cause: waiting\nMayfly-Since: 2026-11-2${number}T00:00:00Z\n`,
    )
}

describe('places in a pass', () => {
  it('one that comes free is given at once: those in front of the queue are looked at', async () => {
    const pass = given([anApplication()], { limits: { ...none, total: 1 } })
    await pass.reconcile()
    queue(pass, 3, 2)
    await pass.repository.refresh()
    expect(pass.wakened).toEqual([])
    pass.forge = found({ state: 'merged' })
    await pass.reconcile()
    expect(pass.wakened).toEqual(['gitea:acme/shop#2', 'gitea:acme/shop#3'])
  })

  it('who waits and is held up by something else gives up its place in the queue', async () => {
    const pass = given([anApplication()], { limits: { ...none, total: 1 } })
    pass.repository.push([{ path: 'apps/shop-1-x.yml', content: standing }])
    expect(await pass.reconcile()).toMatchObject({ kind: 'waiting', afterMs: 60_000 })
    expect((await pass.repository.refresh()).queue()).toEqual(['shop/142'])
    const written = pass.repository.commits.length
    await pass.reconcile()
    expect(pass.repository.commits).toHaveLength(written)
    pass.forge = found({ state: 'closed' })
    await pass.reconcile()
    expect((await pass.repository.refresh()).queue()).toEqual([])
    expect(pass.repository.commits.at(-1)?.message).toContain('leave the queue')
  })

  it('without limits nothing is counted, noted or annotated', async () => {
    const pass = given()
    await pass.reconcile()
    expect((await pass.repository.view()).manifests()[0]?.content).not.toContain('mayfly.dev/author')
  })

  it('with perAuthor a manifest says whose it is', async () => {
    const pass = given([anApplication()], { limits: { ...none, perAuthor: 2 } })
    await pass.reconcile()
    expect((await pass.repository.view()).manifests()[0]?.annotations['author']).toBe('gitea/dev')
  })
})

const standing = `apiVersion: v1
kind: Namespace
metadata:
  name: preview-shop-1-x
  annotations:
    mayfly.dev/preview: shop/1
`
