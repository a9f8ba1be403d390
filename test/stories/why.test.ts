import { testedForges } from '../support/thorough.ts'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { eventually } from '../support/eventually.ts'
import { ask } from '../support/http-post.ts'
import { canaries, createWorld, repository, type World } from '../support/world.ts'

const main = join(import.meta.dirname, '../../src/main.ts')
const run = promisify(execFile)

const Told = z.looseObject({
  mergeRequest: z.string(),
  text: z.array(z.string()),
  deliveries: z.array(z.looseObject({ event: z.string(), answer: z.string(), id: z.string().nullable() })),
  previews: z.array(
    z.looseObject({
      decision: z.object({ answer: z.string(), rule: z.string().nullable(), message: z.string() }),
      rulings: z.array(z.object({ rule: z.string(), answer: z.string(), saw: z.string() })),
      whatWouldChange: z.string(),
    }),
  ),
})

/** A token by mistake among the values: no answer gives it away. */
const checked = `gate: { checks: [build] }
    values: { project: previews, key: ${canaries.environmentToken} }`

describe.each(testedForges)('why on %s', (forge) => {
  let world: World

  afterEach(() => world.close())

  const keyOf = (number: number) => `${forge}:${repository}#${number}`

  async function whyOf(path: string) {
    const answer = await ask(`${world.mayfly().url}${path}`)
    for (const canary of Object.values(canaries)) expect(answer.text).not.toContain(canary)
    expect(answer.headers['cache-control']).toBe('no-store')
    return { status: answer.status, told: answer.status === 200 ? Told.parse(JSON.parse(answer.text)) : null }
  }

  async function whyMergeRequest(number: number) {
    const { status, told } = await whyOf(`/api/merge-requests/${encodeURIComponent(keyOf(number))}/why`)
    if (told === null) throw new Error(`answered ${status}`)
    return told
  }

  /** The command line in a process of its own. */
  async function mayfly(...args: readonly string[]) {
    const folder = await mkdtemp(join(tmpdir(), 'mayfly-why-'))
    try {
      await writeFile(join(folder, 'mayfly.yaml'), world.configText)
      const config = join(folder, 'mayfly.yaml')
      const env = { PATH: process.env['PATH'], HOME: folder, XDG_CACHE_HOME: folder, NO_PROXY: '*' }
      const done = await run(process.execPath, [main, 'why', ...args, '--config', config], { env }).catch(
        (error: unknown) => error as { stdout: string; stderr: string; code: number },
      )
      for (const canary of Object.values(canaries)) expect(done.stdout + done.stderr).not.toContain(canary)
      return { code: 0, ...done }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  /** Asks in every way there is: the answers agree, and the branch and the comments stay as they are. */
  async function askAllWays(number: number, target: string) {
    const before = [await world.branch.tip(), JSON.stringify(world.comments(number))]
    const api = await whyMergeRequest(number)
    const own = await mayfly(target, '--json')
    expect(own.stderr).toBe('')
    const told = Told.parse(JSON.parse(own.stdout))
    const [here, there] = [told, api].map(({ previews }) =>
      previews.map(({ decision, rulings, whatWouldChange, ...more }) => ({
        ...{ decision, rulings, whatWouldChange },
        ...{
          preview: more['preview'],
          name: more['name'],
          template: more['template'],
          values: more['values'],
        },
      })),
    )
    expect(here).toEqual(there)
    const served = await mayfly(keyOf(number), '--json', '--url', world.mayfly().url)
    expect(Told.parse(JSON.parse(served.stdout)).previews).toEqual(api.previews)
    expect([await world.branch.tip(), JSON.stringify(world.comments(number))]).toEqual(before)
    const [preview] = api.previews
    if (preview === undefined) throw new Error('no preview')
    return { api, preview }
  }

  it('one that got nothing: which rule, what it saw, and what the forge told of it', async () => {
    world = await createWorld({ forge, application: 'when: { labels: { any: [preview] } }' })
    const number = world.open('cart', { labels: ['bug'] })
    await eventually(
      async () => {
        expect((await whyMergeRequest(number)).deliveries).not.toEqual([])
      },
      { withinMs: 30_000 },
    )
    const { api, preview } = await askAllWays(number, `shop/${number}`)
    expect(preview.decision).toEqual({
      answer: 'no',
      rule: 'selected',
      message: 'it has none of the labels preview',
    })
    expect(preview.rulings[0]?.saw).toContain('labels bug')
    expect(api.deliveries.at(-1)).toMatchObject({ event: 'opened', answer: 'taken' })
    expect(world.comments(number)).toEqual([])
    const { stdout } = await mayfly(keyOf(number))
    expect(stdout).toContain('selected    NO   it has none of the labels preview')
    expect((await whyOf('/api/previews/shop-1-cart/why')).status).toBe(404)
  })

  it('one held by a check', async () => {
    world = await createWorld({ forge, application: checked })
    const number = world.open('cart')
    const comment = await world.says(number, 'Waiting')
    const { preview } = await askAllWays(number, `shop-${number}-cart`)
    expect(preview.decision).toMatchObject({ answer: 'no', rule: 'checks' })
    expect(preview['values']).toEqual({ project: 'previews', key: '[secret]' })
    const saw = preview.rulings.find(({ rule }) => rule === 'checks')?.saw ?? ''
    expect(saw).toContain('there is no check called build yet')
    expect(comment).toContain(`The rule \`checks\` says no: \`${saw}\``)
    const named = await whyOf(`/api/previews/shop-${number}-cart/why`)
    expect(named.told).toMatchObject({
      lastPass: { outcome: 'waiting' },
      nextAt: expect.any(String) as unknown,
    })
  })

  it('one refused by the policy', async () => {
    world = await createWorld({
      forge,
      template: 'apiVersion: v1\nkind: Secret\nmetadata: { name: x, namespace: {{namespace}} }\n',
    })
    const number = world.open('cart')
    await world.says(number, 'Refused', 'The rule `policy` says no')
    const { preview } = await askAllWays(number, keyOf(number))
    expect(preview.decision).toMatchObject({ answer: 'no', rule: 'policy' })
    expect(preview.rulings.at(-1)?.saw).toContain('Secret')
  })

  it('one that waits while everything is paused', async () => {
    world = await createWorld({ forge })
    await world.branch.commitForeign({ 'mayfly.pause': 'the cluster is upgraded\n' })
    const number = world.open('cart')
    await world.says(number, 'Waiting', 'previews are paused')
    const { preview } = await askAllWays(number, keyOf(number))
    expect(preview.decision).toEqual({
      answer: 'no',
      rule: 'pause',
      message: 'previews are paused: the cluster is upgraded',
    })
    expect(preview.whatWouldChange).toContain('mayfly resume')
  })

  it('what is not there is said in words, and by the exit code', async () => {
    world = await createWorld({ forge })
    expect((await whyOf(`/api/merge-requests/${encodeURIComponent(keyOf(999))}/why`)).status).toBe(404)
    const none = await mayfly(keyOf(999))
    expect([none.code, none.stderr]).toEqual([3, `${repository} has no merge request 999\n`])
    const served = await mayfly('shop-999-cart', '--url', world.mayfly().url)
    expect(served.code).toBe(3)
    expect((await mayfly('nobody/1')).code).toBe(3)
    expect((await mayfly('what?')).code).toBe(2)
  })
})
