import { expect, it } from 'vitest'
import { short } from '../support/comment-words.ts'
import { mergePullRequest } from '../support/gitea-pull-request.ts'
import { pushFiles } from '../support/gitea-repository.ts'
import { branch } from '../support/installation.ts'
import type { Scene } from '../support/scene.ts'

/** It concerns all that is on the branch. */
export function pause(scene: () => Scene): void {
  it('a pause that somebody pushes by hand holds up an end and says why; once it is taken away the end comes', async () => {
    const { gitea, mayfly } = scene()
    const reason = 'the cluster is being moved'
    const push = (text: string | null) =>
      pushFiles(gitea.operator, mayfly.environments, { branch, files: { 'mayfly.pause': text } })
    const preview = await scene().open('merged')
    await preview.says('Ready', short(preview.sha))
    await push(`${reason}\n`)
    await mergePullRequest(gitea.developer, mayfly.shop, preview.number)
    await preview.says('Waiting', `previews are paused: ${reason}`)
    expect(await preview.manifest()).toBeDefined()
    expect(await (await fetch(`${mayfly.url}/readyz`)).text()).toContain(reason)
    await push(null)
    await preview.says('Removed')
    expect(await preview.manifest()).toBeUndefined()
  })
}
