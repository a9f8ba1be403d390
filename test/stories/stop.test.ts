import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { startFaultyForge } from '../support/faulty-forge.ts'
import { canaries, createWorld, type World } from '../support/world.ts'

let world: World
let folder: string

afterEach(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

interface Served {
  readonly process: ChildProcess
  readonly url: string
  /** Sends the signal and gives the exit code and how long that took, in ms. */
  end(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly ms: number }>
}

/** A process of its own, with a temporary folder of its own. */
async function serve(text = world.configText): Promise<Served> {
  const file = join(folder, 'mayfly.yaml')
  await writeFile(file, text)
  const begun = `data:text/javascript,process.stdout.write('begun')`
  const child = spawn(process.execPath, ['--import', begun, 'src/main.ts', 'serve', '--config', file], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, TMPDIR: folder },
  })
  // Before that it is Node's own moment.
  await once(child.stdout, 'data')
  child.stdout.resume()
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  const url = `http://127.0.0.1:${/port: (\d+)/.exec(text)?.[1] ?? ''}`
  return {
    process: child,
    url,
    async end(signal) {
      const began = performance.now()
      child.kill(signal)
      const code = await closed
      return { code, ms: performance.now() - began }
    },
  }
}

function answers({ url }: Served): Promise<unknown> {
  return eventually(async () => (await fetch(`${url}/healthz`)).ok, { withinMs: 20_000 })
}

async function begin(options: Parameters<typeof createWorld>[0] = {}): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'mayfly-stop-'))
  world = await createWorld({ autostart: false, ...options })
}

describe('stop and start', () => {
  it('ends within its deadline while the forge hangs, and the door says in words to come again', async () => {
    const proxies: Awaited<ReturnType<typeof startFaultyForge>>[] = []
    await begin({
      sweepEvery: '1s',
      through: async (url) => {
        const proxy = await startFaultyForge(url)
        proxies.push(proxy)
        return proxy.url
      },
    })
    const served = await serve()
    try {
      await answers(served)
      world.forge.webhooks.deliverTo({ url: `${served.url}/webhooks/gitea`, secret: canaries.webhookSecret })
      for (const proxy of proxies) proxy.break({ fault: 'hang' })
      world.open('cart')
      await delay(1_500)
      const ended = served.end('SIGTERM')
      await delay(500)
      const late = await fetch(`${served.url}/healthz`)
      expect(late.status).toBe(200)
      const { code, ms } = await ended
      expect(code).toBe(0)
      expect(ms).toBeLessThan(27_000)
    } finally {
      served.process.kill('SIGKILL')
      for (const proxy of proxies) await proxy.close()
    }
  }, 60_000)

  it('does not wait for comments that are still to be written', async () => {
    await begin()
    const served = await serve()
    try {
      await answers(served)
      world.forge.webhooks.deliverTo({ url: `${served.url}/webhooks/gitea`, secret: canaries.webhookSecret })
      const numbers = Array.from({ length: 15 }, (_, index) => world.open(`b${index}`))
      await world.manifests(numbers.map((number, index) => `shop-${number}-b${index}.yml`))
      const { code, ms } = await served.end('SIGTERM')
      expect(code).toBe(0)
      expect(ms).toBeLessThan(8_000)
    } finally {
      served.process.kill('SIGKILL')
    }
  }, 60_000)

  it.each([200, 400, 700, 1_000])(
    'ends well when it is asked to %i ms after its first moment',
    async (ms) => {
      await begin()
      const served = await serve()
      await delay(ms)
      expect((await served.end('SIGTERM')).code).toBe(0)
    },
  )

  it('a killed process leaves nothing that the next one does not use or remove', async () => {
    await begin()
    world.forge.webhooks.deliverTo(null)
    const left = async () =>
      (await readdir(folder, { recursive: true })).filter((path) =>
        /\/[0-9a-f]{16}(-[0-9a-f-]{36})?$/.test(path),
      )
    for (let kill = 0; kill < 4; kill += 1) {
      const served = await serve()
      await answers(served)
      await eventually(
        async () => {
          expect(await left()).toHaveLength(1)
        },
        { withinMs: 20_000 },
      )
      await served.end('SIGKILL')
    }
    expect(await left()).toHaveLength(1)
  }, 60_000)
})
