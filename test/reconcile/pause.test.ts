import { describe, expect, it } from 'vitest'
import { shaA, shaB } from '../preview/fixtures.ts'
import { found, given } from './given.ts'

const standing = async (pass: ReturnType<typeof given>) =>
  (await pass.repository.view()).manifests().map(({ sha }) => sha)

describe('mayfly.pause on the branch', () => {
  it('stops creations, updates and ends, says why, and all of it happens once it is gone', async () => {
    const pass = given()
    await pass.reconcile()
    await pass.repository.setPause('the cluster is upgraded')
    pass.forge = found({ sha: shaB })
    expect(await pass.reconcile()).toMatchObject({ kind: 'waiting', afterMs: 60_000 })
    expect(pass.comment()).toContain('previews are paused: the cluster is upgraded')
    expect(pass.comment()).toContain('mayfly resume')
    expect(await standing(pass)).toEqual([shaA])
    pass.forge = found({ sha: shaB, state: 'merged' })
    await pass.reconcile()
    expect(pass.comment()).toContain('previews are paused')
    expect(pass.comment()).not.toContain('Removed')
    expect(await standing(pass)).toEqual([shaA])
    await pass.repository.setPause(null)
    await pass.reconcile()
    expect(pass.comment()).toContain('Removed')
    expect(await standing(pass)).toEqual([])
  })

  it('is told of by those alone who have something to write', async () => {
    const pass = given()
    await pass.reconcile()
    await pass.repository.setPause('the cluster is upgraded')
    expect(await pass.reconcile()).toEqual({ kind: 'settled' })
    expect(pass.comment()).not.toContain('paused')
  })
})

describe('mayfly.dev/paused on a manifest', () => {
  const pauseByHand = async (pass: ReturnType<typeof given>, reason: string) => {
    const [manifest] = (await pass.repository.refresh()).manifests()
    if (manifest === undefined) throw new Error('nothing stands')
    const content = `${manifest.content.replace(
      'mayfly.dev/preview:',
      `mayfly.dev/paused: ${reason}\n    mayfly.dev/preview:`,
    )}# a human's line\n`
    pass.repository.push([{ path: manifest.path, content }])
    return content
  }

  it('keeps what stands, edits by hand included, until it is taken away; an end comes through', async () => {
    const pass = given()
    await pass.reconcile()
    const content = await pauseByHand(pass, 'a demo for the board')
    await pass.reconcile()
    expect((await pass.repository.refresh()).manifests()[0]?.content).toBe(content)
    expect(pass.comment()).not.toContain('paused')
    pass.forge = found({ sha: shaB })
    await pass.reconcile()
    expect(pass.comment()).toContain('this preview is paused: a demo for the board')
    expect(pass.comment()).toContain('`a1b2c3d` stays')
    expect((await pass.repository.refresh()).manifests()[0]?.content).toBe(content)
    pass.forge = found({ sha: shaB, state: 'closed' })
    await pass.reconcile()
    expect(await standing(pass)).toEqual([])
  })

  it.each(['"false"'])('%s is no pause', async (text) => {
    const pass = given()
    await pass.reconcile()
    await pauseByHand(pass, text)
    await pass.reconcile()
    expect((await pass.repository.refresh()).manifests()[0]?.content).not.toContain('human')
  })
})
