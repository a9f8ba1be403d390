import { expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { kinds } from '../support/cluster/object.ts'
import { short } from '../support/comment-words.ts'
import type { OpenedPreview } from '../support/opened-preview.ts'
import type { Scene } from '../support/scene.ts'

const generous = { withinMs: 300_000, everyMs: 2_000 }

/** Nothing is said about how fast: only that nobody is forgotten. */
export function manyAtOnce(scene: () => Scene, count: number): void {
  it(`${count} merge requests at once are all Ready; all closed at once, every namespace is gone`, async () => {
    const { cluster, open } = scene()
    const previews = await Promise.all(Array.from({ length: count }, (_, index) => open(`many-${index}`)))
    await all(previews, 'ready')
    await eventually(async () => {
      for (const { comment, sha } of previews)
        expect(await comment()).toMatch(new RegExp(`Ready[^]*${short(sha)}`))
    }, generous)

    await Promise.all(previews.map(({ close }) => close()))
    await all(previews, 'removed')
    const left = new Set((await cluster.client.list(kinds.namespace)).map(({ metadata }) => metadata.name))
    expect(previews.filter(({ namespace }) => left.has(namespace))).toEqual([])
    await eventually(async () => {
      for (const { comment } of previews) expect(await comment()).toContain('Removed')
    }, generous)
    for (const { manifest } of previews) expect(await manifest()).toBeUndefined()
  }, 1_500_000)
}

async function all(previews: readonly OpenedPreview[], state: string): Promise<void> {
  await eventually(async () => {
    const records = await Promise.all(previews.map(({ record }) => record()))
    expect(records.map((record) => record?.state)).toEqual(previews.map(() => state))
  }, generous)
}
