import { expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { short } from '../support/comment-words.ts'
import { openPullRequest } from '../support/gitea-pull-request.ts'
import { addCollaborator, forkRepository, pushFiles } from '../support/gitea-repository.ts'
import { say } from '../support/gitea-remark.ts'
import { openedPreview, soon } from '../support/opened-preview.ts'
import type { Scene } from '../support/scene.ts'
import { workload } from '../support/workload.ts'

/** The application takes forks whose commits somebody approved. */
export function outsiders(scene: () => Scene): void {
  it('a fork waits for the word of a writer; what was approved runs, and nothing newer', async () => {
    const { gitea, mayfly } = scene()
    const { developer, stranger, operator } = gitea
    await addCollaborator(operator, mayfly.shop, stranger, 'read')
    const fork = await forkRepository(stranger, mayfly.shop)
    // Argo CD takes the commit from the repository itself; Flux fetches branches only, so from the fork.
    if (mayfly.kind === 'flux') await addCollaborator(stranger, fork, gitea.bot, 'read')
    const change = (tag: string) => ({ branch: 'gift', files: { 'deploy/web.yaml': workload(tag) } })
    const sha = await pushFiles(stranger, fork, { ...change('gift'), from: 'main' })
    const head = `${stranger.login}:gift`
    const number = await openPullRequest(stranger, mayfly.shop, { head })
    const preview = openedPreview(scene(), 'gift', { number, sha })
    await preview.says('Refused', 'comes from a fork', `/preview approve ${short(sha)}`)

    const approve = `/preview approve ${short(sha)}`
    const asked = { repository: mayfly.shop, number, text: approve }
    const reply = await say(gitea, { ...asked, by: stranger, answer: '-1' })
    expect(reply).toContain('`approve` is for whoever may write to this repository')
    expect(await preview.manifest()).toBeUndefined()

    expect(await say(gitea, { ...asked, by: developer, answer: 'rocket' })).toBe('')
    await preview.says('Ready', short(sha))
    expect(JSON.stringify(await preview.deployment())).toContain('acme/shop:gift')
    const written = await preview.manifest()
    expect(written).toMatch(new RegExp(`mayfly.dev/approved-sha: "?${sha}"?\\n`))

    const newer = await pushFiles(stranger, fork, change('unseen'))
    await preview.says(
      'Waiting',
      `nobody has approved \`${short(newer)}\``,
      `\`${short(sha)}\` is still serving`,
    )
    expect(await preview.manifest()).toBe(written)
    await eventually(async () => {
      expect(await preview.record()).toMatchObject({ state: 'waiting', servingSha: sha })
    }, soon)
    expect(JSON.stringify(await preview.deployment())).toContain('acme/shop:gift')
  })
}
