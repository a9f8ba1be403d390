import { expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { sweepingOften, withConfig } from '../support/changed-mayfly.ts'
import { short } from '../support/comment-words.ts'
import { pushFiles } from '../support/gitea-repository.ts'
import { branch } from '../support/installation.ts'
import { manifestCommits } from '../support/manifest-commits.ts'
import type { OpenedPreview } from '../support/opened-preview.ts'
import type { Scene } from '../support/scene.ts'
import { tellAgent } from '../support/tell-agent.ts'

const soon = { withinMs: 120_000, everyMs: 100 }

/** As `git revert` of a commit of Mayfly's does. */
async function commitByHand({ gitea, mayfly }: Scene, { name }: OpenedPreview, text: string | null) {
  await pushFiles(gitea.operator, mayfly.environments, { branch, files: { [`apps/${name}.yml`]: text } })
}

export function revertedByHand(scene: () => Scene): void {
  it('a human reverts a manifest, or to an older commit: the next sweep writes it at the newest', async () => {
    const { gitea, mayfly, open } = scene()
    const preview = await open('reverted')
    await preview.says('Ready', short(preview.sha))
    const first = await preview.manifest()
    const sha = await preview.push('two')
    await preview.says('Ready', short(sha))
    const second = await preview.manifest()
    await withConfig(mayfly, sweepingOften, async () => {
      for (const text of [null, first ?? null]) {
        await commitByHand(scene(), preview, text)
        await eventually(async () => {
          expect(await preview.manifest()).toBe(second)
        }, soon)
      }
      await preview.says('Ready', short(sha))
    })
    expect(await manifestCommits(gitea.operator, mayfly.environments, preview.name)).toEqual([
      `preview ${preview.name}: create at ${short(preview.sha)}`,
      `preview ${preview.name}: update to ${short(sha)}`,
      `preview ${preview.name}: create at ${short(sha)}`,
      `preview ${preview.name}: update to ${short(sha)}`,
    ])
    await preview.close()
    await preview.says('Removed')
  })

  it('a human removes a manifest and the agent the preview, before Mayfly sees it: it comes back once the old namespace is gone', async () => {
    const { cluster, mayfly, open } = scene()
    const preview = await open('pruned')
    await preview.says('Ready', short(preview.sha))
    const old = (await preview.namespaceObject())?.metadata.uid
    await mayfly.stop()
    try {
      await commitByHand(scene(), preview, null)
      await tellAgent(cluster, mayfly.kind)
      await eventually(
        async () => (await preview.namespaceObject())?.metadata.deletionTimestamp !== undefined,
        soon,
      )
    } finally {
      await mayfly.start()
    }
    await preview.says('Waiting', 'the old namespace')
    await preview.says('Ready', short(preview.sha))
    expect((await preview.namespaceObject())?.metadata.uid).not.toBe(old)
    await preview.close()
    await preview.says('Removed')
  })
}
