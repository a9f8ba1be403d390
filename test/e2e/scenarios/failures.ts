import { expect, it } from 'vitest'
import { short } from '../support/comment-words.ts'
import type { Scene } from '../support/scene.ts'
import { failingJob, refusedWorkload } from '../support/workload.ts'

export function failures(scene: () => Scene): void {
  it('an image that cannot be pulled: Degraded, in words, with a failed status; Ready after a fix', async () => {
    const preview = await scene().open('image', 'missing')
    const comment = await preview.says('Degraded', short(preview.sha))
    expect(comment).toContain('Deployment `web` cannot pull its image')
    expect(comment).toContain('ErrImagePull, image `acme/shop:missing` not found')
    await preview.hasStatus(preview.sha, 'failure')
    expect(await preview.record()).toMatchObject({ state: 'degraded', sha: preview.sha })

    const fixed = await preview.push('ok')
    await preview.says('Ready', short(fixed))
    await preview.hasStatus(fixed, 'success')
  })

  it('a crash loop after a good commit: Degraded, the older version still serves', async () => {
    const preview = await scene().open('crash')
    await preview.says('Ready', short(preview.sha))
    const crashing = await preview.push('crash')
    const comment = await preview.says('Degraded', short(crashing), 'Deployment `web` crashes')
    expect(comment).toContain('container `web` ended with exit code 1')
    expect(comment).toContain(`\`${short(preview.sha)}\` is still serving`)
    await preview.hasStatus(crashing, 'failure')
    expect(await preview.record()).toMatchObject({ state: 'degraded', servingSha: preview.sha })

    const fixed = await preview.push('fixed')
    await preview.says('Ready', short(fixed))
  })

  it("an object that the API server refuses: Failed in the API server's words, the older version still serves", async () => {
    const preview = await scene().open('refused')
    await preview.says('Ready', short(preview.sha))
    const refused = await preview.pushFiles({ 'deploy/web.yaml': refusedWorkload })
    const comment = await preview.says(
      'Failed',
      short(refused),
      'Deployment `web`',
      'does not match template',
    )
    expect(comment).toContain(`\`${short(preview.sha)}\` is still serving`)
    await preview.hasStatus(refused, 'failure')

    const fixed = await preview.push('fixed')
    await preview.says('Ready', short(fixed))
    await preview.hasStatus(fixed, 'success')
  })

  it('a Job that fails: Degraded, and the Job is named', async () => {
    const preview = await scene().open('job')
    await preview.says('Ready', short(preview.sha))
    const failing = await preview.pushFiles({ 'deploy/job.yaml': failingJob })
    await preview.says('Degraded', short(failing), 'Job `migrate`')
    const fixed = await preview.pushFiles({ 'deploy/job.yaml': null })
    await preview.says('Ready', short(fixed))
  })

  it('a path that this commit does not have: Failed, the path is named; Ready when it is back', async () => {
    const preview = await scene().open('path')
    await preview.says('Ready', short(preview.sha))
    const without = await preview.pushFiles({ 'deploy/web.yaml': null })
    const comment = await preview.says('Failed', short(without), 'deploy')
    expect(comment).toMatch(/does not exist|not found/)
    const fixed = await preview.push('ok')
    await preview.says('Ready', short(fixed))
  })
}
