import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { eventually } from '../support/eventually.ts'
import { redisMissing, startRedis, type TestRedis } from '../support/redis.ts'
import { isThorough } from '../support/thorough.ts'
import { canaries, createWorld, repository, type World } from '../support/world.ts'

const KILLS = isThorough ? 20 : 6

describe('law 2: losing the process at any moment costs time and nothing else', () => {
  let world: World | null = null
  let redis: TestRedis | null = null
  let folder = ''

  afterEach(async () => {
    await world?.close()
    world = null
    await redis?.remove()
    redis = null
    await rm(folder, { recursive: true, force: true })
  })

  it.for([
    { queue: 'in-process', skip: null },
    { queue: 'Redis', skip: redisMissing },
  ])(
    `SIGKILL at ${KILLS} random moments and restart, with the queue $queue`,
    { timeout: 240_000 },
    async ({ queue, skip }, context) => {
      if (skip !== null) context.skip(skip)
      if (queue === 'Redis') redis = await startRedis({ appendonly: 'yes' })
      const begun = await createWorld({
        autostart: false,
        sweepEvery: '2s',
        config: redis === null ? '' : `queue: { redis: '${redis.url}' }`,
      })
      world = begun
      folder = await mkdtemp(join(tmpdir(), 'mayfly-kill-'))
      const file = join(folder, 'mayfly.yaml')
      await writeFile(file, begun.configText)
      const url = `http://127.0.0.1:${loadConfig({ path: file, text: begun.configText, env: {} }).config.server.port}`
      begun.forge.webhooks.deliverTo({ url: `${url}/webhooks/gitea`, secret: canaries.webhookSecret })
      for (let kill = 0; kill < KILLS; kill += 1) {
        const mayfly = serve(file)
        await eventually(async () => (await fetch(`${url}/healthz`)).ok, { withinMs: 20_000 })
        disturb(begun, kill)
        await delay(Math.random() * 400)
        await end(mayfly)
      }
      const mayfly = serve(file)
      try {
        const open = () =>
          begun.forge.state.repositories[0]?.mergeRequests.filter(({ state }) => state === 'open') ?? []
        await begun.manifests(
          open().map(({ number, branch }) => `shop-${number}-${branch}.yml`),
          60_000,
        )
        // Comments come at one a second; files never wait for them.
        const current = (): void => {
          for (const { number, commits } of open())
            expect(begun.comments(number)[0]).toContain(commits.at(-1)?.slice(0, 7))
          for (const { number, state } of begun.forge.state.repositories[0]?.mergeRequests ?? [])
            if (state !== 'open' && begun.comments(number).length > 0)
              expect(begun.comments(number)[0]).toContain('Removed')
        }
        await eventually(current, { withinMs: 90_000 })
        for (const pull of begun.forge.state.repositories[0]?.mergeRequests ?? [])
          await eventually(() => {
            expect(begun.comments(pull.number).length).toBeLessThanOrEqual(1)
          })
        const created = (await begun.branch.commits()).filter(({ subject }) => subject.includes(': create'))
        expect(new Set(created.map(({ trailers }) => trailers['Mayfly-Preview'])).size).toBe(created.length)
      } finally {
        await end(mayfly)
      }
    },
  )
})

/** Each time something opens, and something that was open is pushed to or ends. */
function disturb(world: World, step: number): void {
  const opened = world.open(`b${step}`)
  if (opened > 2) world.forge.actions.push(repository, opened - 1)
  if (opened > 3 && step % 2 === 0)
    world.forge.actions.setState(repository, opened - 2, step % 4 === 0 ? 'merged' : 'closed')
}

function serve(file: string): ChildProcess {
  return spawn(process.execPath, ['src/main.ts', 'serve', '--config', file], { stdio: 'ignore' })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGKILL')
  await closed
}
