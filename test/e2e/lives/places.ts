import { expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { short } from '../support/comment-words.ts'
import { say } from '../support/gitea-remark.ts'
import { type OpenedPreview, soon } from '../support/opened-preview.ts'
import type { Scene } from '../support/scene.ts'

/** One preview at a time: in this order. */
export function places(scene: () => Scene): void {
  let holder: OpenedPreview

  it('rollback: the older commit runs again, until the next push', async () => {
    holder = await scene().open('first', 'older')
    await holder.says('Ready', short(holder.sha))
    const newer = await holder.push('newer')
    await holder.says('Ready', short(newer))
    await command(scene(), holder, '/preview rollback')
    await holder.says(
      `rolled back to \`${short(holder.sha)}\` by developer, until the next push`,
      'A push brings the newest commit again',
    )
    await eventually(async () => {
      expect(await holder.record()).toMatchObject({ sha: newer, servingSha: holder.sha })
      expect(JSON.stringify(await holder.deployment())).toContain('acme/shop:older')
    }, soon)
  })

  it('the only place is taken: the next one waits for it, and comes once a writer evicts its holder', async () => {
    const next = await scene().open('second')
    await next.says(
      'Waiting',
      'place 1 of 1 in the queue: the only place of this application is taken',
      holder.name,
    )
    expect(await next.manifest()).toBeUndefined()
    await command(scene(), holder, '/preview evict')
    await holder.says('Removed', 'evicted by developer')
    await next.says('Ready', short(next.sha))
  })
}

async function command({ gitea, mayfly }: Scene, { number }: OpenedPreview, text: string): Promise<void> {
  const said = { repository: mayfly.shop, number, by: gitea.developer, text, answer: 'rocket' } as const
  expect(await say(gitea, said)).toBe('')
}
