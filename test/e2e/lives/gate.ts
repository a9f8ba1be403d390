import { expect, it } from 'vitest'
import type { PushTarget } from '../../support/push-image.ts'
import { pushImage } from '../../support/push-image.ts'
import { short } from '../support/comment-words.ts'
import { setCommitStatus } from '../support/gitea-commit.ts'
import type { Scene } from '../support/scene.ts'

/** The application waits for the check `build`, then for `<registry>/shop:<sha>`, and pins it. */
export function gate(scene: () => Scene, registry: () => PushTarget): void {
  it('a commit waits for its check, then for its image, and runs by digest; the next one waits beside it', async () => {
    const { gitea, mayfly } = scene()
    const passes = (sha: string) =>
      setCommitStatus(gitea.developer, mayfly.shop, sha, { context: 'build', state: 'success' })
    const preview = await scene().open('built')
    await preview.says('Waiting', 'no check called build yet', short(preview.sha))
    expect(await preview.manifest()).toBeUndefined()

    await passes(preview.sha)
    const image = `${new URL(registry().url).host}/${mayfly.application}:${preview.sha}`
    const waiting = await preview.says('Waiting', 'is not there yet')
    expect(waiting).toContain(image)
    expect(await preview.manifest()).toBeUndefined()

    const digest = await pushImage(registry(), mayfly.application, preview.sha)
    await preview.says('Ready', short(preview.sha))
    const written = await preview.manifest()
    expect(written).toContain(`${image.split(':').slice(0, 2).join(':')}@${digest}`)
    expect(await preview.namespaceObject()).toMatchObject({
      metadata: { annotations: { 'acme.dev/image': expect.stringContaining(digest) as string } },
    })

    const next = await preview.push('newer')
    await passes(next)
    await preview.says('Waiting', 'is not there yet', short(next), short(preview.sha))
    expect(await preview.manifest()).toBe(written)
    expect(await preview.record()).toMatchObject({ state: 'waiting', sha: next, servingSha: preview.sha })
  })
}
