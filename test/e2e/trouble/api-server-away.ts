import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { short } from '../support/comment-words.ts'
import type { OpenedPreview } from '../support/opened-preview.ts'
import { readiness } from '../support/operations.ts'
import type { Scene } from '../support/scene.ts'

const AWAY_MS = 30_000
const soon = { withinMs: 120_000, everyMs: 100 }
/** Both agents watch again only after a pause of up to a minute, and Flux doubles its own pauses meanwhile. */
const patient = { withinMs: 300_000, everyMs: 250 }

/** Both agents lose their cluster at the same time. */
export function apiServerAway(scenes: () => readonly Scene[]): void {
  it('law 2: an API server that is away for 30 s holds up no manifest, makes no comment untrue, and all ends by itself', async ({
    skip,
  }) => {
    const isOurs = scenes().every(({ cluster }) => cluster.logs !== undefined)
    skip(!isOurs, 'the cluster of MAYFLY_E2E_KUBECONFIG is not ours to stop')
    const before = await Promise.all(scenes().map(start))
    const server = scenes()[0]?.cluster.part('kube-apiserver')
    await server?.kill()
    const back = Date.now() + AWAY_MS
    const during = await Promise.all(before.map(meanwhile))
    await delay(Math.max(0, back - Date.now()))
    await server?.start()
    await Promise.all(during.map(afterwards))
  }, 800_000)
}

interface Before {
  readonly scene: Scene
  readonly staying: OpenedPreview
  readonly leaving: OpenedPreview
  /** How many comments were seen. */
  readonly seen: number
}

async function start(scene: Scene): Promise<Before> {
  const [staying, leaving] = [await scene.open('staying'), await scene.open('leaving')]
  for (const preview of [staying, leaving]) await preview.says('Ready', short(preview.sha))
  return { scene, staying, leaving, seen: scene.mayfly.commentsSeen().length }
}

async function meanwhile(before: Before): Promise<Before & { readonly coming: OpenedPreview }> {
  const { scene, staying, leaving } = before
  const coming = await scene.open('coming')
  await leaving.close()
  await eventually(async () => (await coming.manifest())?.includes(coming.sha) ?? false, soon)
  await eventually(async () => (await leaving.manifest()) === undefined, soon)
  await coming.says('Deploying', short(coming.sha), 'the cluster does not answer')
  await leaving.says('Removing', 'the cluster does not answer')
  await eventually(async () => {
    const { status, warnings } = await readiness(scene.mayfly.url)
    expect(status).toBe(200)
    expect(warnings).toContainEqual(expect.stringContaining('the API server does not answer'))
  }, soon)
  expect(await staying.record()).toMatchObject({ state: 'ready', servingSha: staying.sha })
  return { ...before, coming }
}

async function afterwards({
  scene,
  staying,
  leaving,
  coming,
  seen,
}: Awaited<ReturnType<typeof meanwhile>>): Promise<void> {
  await eventually(async () => {
    expect(await coming.comment()).toMatch(new RegExp(`Ready[^]*${short(coming.sha)}`))
    expect(await leaving.comment()).toMatch(/Removed[^]*closed/)
  }, patient)
  expect(await leaving.namespaceObject()).toBeUndefined()
  expect(await staying.comment()).toContain('Ready')
  await eventually(async () => {
    expect(await readiness(scene.mayfly.url)).toEqual({ status: 200, warnings: [] })
  }, patient)
  const said = scene.mayfly.commentsSeen().slice(seen)
  expect(said.filter(({ number }) => number === staying.number)).toEqual([])
  // The one that was coming up may truly run out of its time meanwhile: then its Deployment says so.
  for (const { number, body } of said) {
    expect(body).not.toContain('Failed')
    if (body.includes('Degraded')) {
      expect(number).toBe(coming.number)
      expect(body).toContain('did not become available in time')
    }
  }
  for (const preview of [coming, staying]) await preview.close()
  for (const preview of [coming, staying]) await preview.says('Removed')
}
