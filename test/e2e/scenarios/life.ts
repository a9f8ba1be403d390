import { expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { kinds } from '../support/cluster/object.ts'
import { comesUp, short } from '../support/comment-words.ts'
import { reconcileNow, pauseRoot, resumeRoot } from '../support/cluster/steer.ts'
import { meanwhile } from '../support/meanwhile.ts'
import { type OpenedPreview, soon } from '../support/opened-preview.ts'
import type { Scene } from '../support/scene.ts'
import { previewsOf, writtenBy } from '../support/written.ts'

/** Each by itself. */
export function life(scene: () => Scene): void {
  it('opens: Ready with its URL and a status; of two quick pushes only the newest is ever called ready', async () => {
    const preview = await scene().open('cart')
    const comment = await preview.says('Ready', short(preview.sha))
    expect(comment).toContain(`https://${preview.name}.preview.acme.dev`)
    await preview.hasStatus(preview.sha, 'success')

    // The first of the two can never be ready: whoever says so of it lies.
    const middle = await preview.push('missing')
    const newest = await preview.push('newest')
    await onlyTheNewestIsReady(preview, { middle, newest, tag: 'newest' })
  })

  it('law 12: a push while the one before comes up: nothing of that one is told of the new one', async () => {
    const preview = await scene().open('impatient')
    await preview.says('Ready', short(preview.sha))
    const middle = await preview.push('missing')
    await preview.says(short(middle), comesUp)
    const newest = await preview.push('newest')
    await onlyTheNewestIsReady(preview, { middle, newest, tag: 'newest' })
  })

  it('what somebody changes or deletes by hand comes back by the agent, and the comment ends Ready', async () => {
    const { cluster, mayfly } = scene()
    const preview = await scene().open('drift')
    await preview.says('Ready', short(preview.sha))
    const web = { name: 'web', namespace: preview.namespace }
    const before = await preview.deployment()
    const containers = [{ name: 'web', image: 'acme/shop:crash' }]
    await cluster.client.patch(kinds.deployment, web, { spec: { template: { spec: { containers } } } })
    await reconcileNow(cluster.client, mayfly.kind, preview.name)
    await eventually(async () => {
      expect(JSON.stringify(await preview.deployment())).toContain('"image":"acme/shop:ok"')
    }, soon)
    await cluster.client.remove(kinds.deployment, web)
    await reconcileNow(cluster.client, mayfly.kind, preview.name)
    await eventually(async () => {
      const now = await preview.deployment()
      expect(now).toMatchObject({ status: { availableReplicas: 1 } })
      expect(now?.metadata.uid).not.toBe(before?.metadata.uid)
    }, soon)
    await preview.says('Ready', short(preview.sha))
    await preview.hasStatus(preview.sha, 'success')
  })

  it('gets unwell without a push: the comment says so, and that it healed', async () => {
    const { cluster, mayfly } = scene()
    const preview = await scene().open('later')
    await preview.says('Ready', short(preview.sha))
    const quota = { name: 'full', namespace: preview.namespace }
    await cluster.client.apply({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: quota,
      spec: { hard: { pods: '1' } },
    })
    // What `kubectl rollout restart` does: both agents leave it alone, and the new Pod finds no room.
    await cluster.client.patch(
      kinds.deployment,
      { name: 'web', namespace: preview.namespace },
      { spec: { template: { metadata: { annotations: { restarted: 'by hand' } } } } },
    )
    await reconcileNow(cluster.client, mayfly.kind, preview.name)
    const comment = await preview.says('Degraded', 'Deployment `web` cannot create Pods')
    expect(comment).toContain('exceeded quota')
    await preview.hasStatus(preview.sha, 'failure')

    await cluster.client.remove({ apiVersion: 'v1', kind: 'ResourceQuota' }, quota)
    await eventually(async () => {
      expect(await preview.deployment()).toMatchObject({ status: { updatedReplicas: 1, replicas: 1 } })
    }, soon)
    await reconcileNow(cluster.client, mayfly.kind, preview.name)
    await preview.says('Ready', short(preview.sha))
    await preview.hasStatus(preview.sha, 'success')
  })
}

/** What everything else on the branch sees too. */
export function lifeOfAll(scene: () => Scene): void {
  it('the root is paused: the comment and /readyz name it, and what waited goes on when it is resumed', async () => {
    const { cluster, mayfly } = scene()
    await pauseRoot(cluster.client, mayfly.kind)
    const preview = await scene().open('paused')
    const comment = await preview.says('Deploying', short(preview.sha), 'previews`')
    expect(comment).toMatch(/is (paused|suspended)/)
    await eventually(async () => {
      expect(await warnings(scene())).toMatch(/previews is (paused|suspended)/)
    }, soon)
    expect(await preview.comment()).toContain('Deploying')
    await resumeRoot(cluster.client, mayfly.kind)
    await preview.says('Ready', short(preview.sha))
  })

  it('law 6: a restart of Mayfly commits nothing and edits no comment, whatever it says', async () => {
    const { gitea, mayfly, open } = scene()
    const [broken, ended] = [await open('broken'), await open('ended')]
    await ended.says('Ready', short(ended.sha))
    await ended.close()
    await broken.says('Ready', short(broken.sha))
    const crashing = await broken.push('crash')
    await broken.says('Degraded', short(crashing), 'still serving')
    await broken.hasStatus(crashing, 'failure')
    await ended.says('Removed')
    const before = await writtenBy(gitea, mayfly)
    expect(before.comments.size).toBe(before.statuses.size)
    await mayfly.stop()
    await mayfly.start()
    await eventually(async () => {
      const looked = (await previewsOf(mayfly)).map(({ name }) => name)
      expect(looked.toSorted()).toEqual([...before.statuses.keys()].toSorted())
    }, soon)
    // What is said about this one is said after all that.
    const last = await open('after')
    await last.says('Ready', short(last.sha))
    const now = await writtenBy(gitea, mayfly)
    expect(now.commits.filter((commit) => !commit.includes(last.name))).toEqual(before.commits)
    for (const [id, comment] of before.comments) expect(now.comments.get(id)).toBe(comment)
    for (const [name, statuses] of before.statuses) expect(now.statuses.get(name)).toBe(statuses)
  })
}

interface Pushes {
  /** Of these two only the second can become ready. */
  readonly middle: string
  readonly newest: string
  /** Of the newest one's image. */
  readonly tag: string
}

async function onlyTheNewestIsReady(preview: OpenedPreview, pushes: Pushes): Promise<void> {
  await meanwhile(
    () => readyIsTrue(preview, pushes),
    async () => {
      await preview.says('Ready', short(pushes.newest))
      await preview.hasStatus(pushes.newest, 'success')
    },
  )
  expect(await preview.status(pushes.middle)).not.toBe('success')
}

/** Whoever is told that it is ready finds the newest version running. */
async function readyIsTrue(preview: OpenedPreview, { middle, newest, tag }: Pushes): Promise<void> {
  const comment = await preview.comment()
  const record = await preview.record()
  if (comment.includes('Ready')) expect(comment).not.toContain(short(middle))
  // Nor is what became of the first one told of the second.
  if (comment.includes(short(newest))) expect(comment).not.toContain('acme/shop:missing')
  if (record?.state === 'ready') {
    expect(record.servingSha).toBe(record.sha)
    expect(record.sha).not.toBe(middle)
  }
  const isNewest = comment.includes('Ready') && comment.includes(short(newest))
  if (isNewest || (record?.state === 'ready' && record.sha === newest))
    expect(JSON.stringify(await preview.deployment())).toContain(`acme/shop:${tag}`)
}

async function warnings({ mayfly }: Scene): Promise<string> {
  return (await fetch(`${mayfly.url}/readyz`)).text()
}
