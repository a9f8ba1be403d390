import { expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { short } from '../support/comment-words.ts'
import { manifestCommits } from '../support/manifest-commits.ts'
import { asProcess } from '../support/mayfly-process.ts'
import { webhooksTaken } from '../support/operations.ts'
import type { Scene } from '../support/scene.ts'

const soon = { withinMs: 120_000, everyMs: 5 }

export function killed(scene: () => Scene): void {
  it('law 2: killed after the webhook, while deploying and while removing, it does everything once and to the end', async () => {
    const { gitea, mayfly, open } = scene()
    await asProcess(scene(), async (process) => {
      const taken = await webhooksTaken(mayfly.url)
      const preview = await open('killed', 'slow')
      await eventually(async () => (await webhooksTaken(mayfly.url)) > taken, soon)
      await process.killAndStart()

      await eventually(async () => (await preview.manifest()) !== undefined, soon)
      await process.killAndStart()
      await preview.says('Ready', short(preview.sha))

      await preview.close()
      await eventually(async () => (await preview.manifest()) === undefined, soon)
      await process.killAndStart()
      await preview.says('Removed', 'closed')
      expect(await preview.namespaceObject()).toBeUndefined()
      expect(await manifestCommits(gitea.operator, mayfly.environments, preview.name)).toEqual([
        `preview ${preview.name}: create at ${short(preview.sha)}`,
        `preview ${preview.name}: remove: closed`,
      ])
    })
  })
}
