/** A thousand merge requests at once through the whole path, against one push per merge request; and webhooks at 100/s. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { eventually } from '../test/support/eventually.ts'
import { startRedis } from '../test/support/redis.ts'
import { canaries, createWorld, repository, type World } from '../test/support/world.ts'
import { loadConfig } from '../src/config/load.ts'

const count = Number(process.argv[2] ?? 1_000)
const baselinePushes = 40
/** At 100 a second. */
const steadyEvents = Number(process.argv[3] ?? 6_000)
/** As in the container image. */
const flags = (process.env['MAYFLY_BENCH_NODE'] ?? '--max-semi-space-size=8').split(' ')

/** One run: Mayfly in a process of its own, so that its memory is its own. */
async function burst(queue: 'in-process' | 'Redis'): Promise<void> {
  const redis = queue === 'Redis' ? await startRedis() : null
  const world = await createWorld({
    autostart: false,
    pushes: '{ perMinute: 6000, burst: 100 }',
    config: redis === null ? '' : `queue: { redis: '${redis.url}' }`,
  })
  const folder = await mkdtemp(join(tmpdir(), 'mayfly-bench-'))
  const mayfly = await serve(world, folder)
  try {
    const baseline = await onePushEach(world, folder)
    for (let number = 1; number <= count; number += 1) world.open(`branch-${number}`)
    const bodies = Array.from({ length: count }, (_, index) => eventBody(index + 1))
    const began = performance.now()
    const acknowledged = await Promise.all(bodies.map((body) => post(mayfly.url, body)))
    await eventually(async () => (await manifests(world)) === count, { withinMs: 120_000, everyMs: 20 })
    const seconds = (performance.now() - began) / 1_000
    const pushes = await metric(mayfly.url, 'mayfly_push_duration_seconds_count{result="pushed"}')
    const steady = await atHundredASecond(mayfly.url)
    const rate = count / seconds
    console.log(`\n### ${count} webhooks at once, queue ${queue}\n`)
    table([
      ['all manifests on the branch after', `${seconds.toFixed(2)} s`],
      ['merge requests per second', rate.toFixed(0)],
      [`one push each (${baselinePushes} measured, same server)`, `${baseline.toFixed(1)} per second`],
      ['ratio', `${(rate / baseline).toFixed(1)} x`],
      ['pushes', String(pushes)],
      [
        'acknowledged p50 / p99 in the burst',
        `${percentile(acknowledged, 50)} / ${percentile(acknowledged, 99)} ms`,
      ],
      [
        'acknowledged p50 / p99 at 100 a second for a minute',
        `${percentile(steady, 50)} / ${percentile(steady, 99)} ms`,
      ],
      [
        'heap in use afterwards',
        `${((await metric(mayfly.url, 'nodejs_heap_size_used_bytes')) / 2 ** 20).toFixed(0)} MiB`,
      ],
      [
        'resident afterwards',
        `${((await metric(mayfly.url, 'process_resident_memory_bytes')) / 2 ** 20).toFixed(0)} MiB`,
      ],
      ['largest resident memory of Mayfly', `${await peakMemory(mayfly.child)} MiB`],
    ])
  } finally {
    await end(mayfly.child)
    await world.close()
    await redis?.remove()
    await rm(folder, { recursive: true, force: true })
  }
}

async function serve(world: World, folder: string): Promise<{ url: string; child: ChildProcess }> {
  const file = join(folder, 'mayfly.yaml')
  await writeFile(file, world.configText)
  const { config } = loadConfig({ path: file, text: world.configText, env: {} })
  const url = `http://127.0.0.1:${config.server.port}`
  const child = spawn(process.execPath, [...flags, 'dist/main.js', 'serve', '--config', file], {
    stdio: 'ignore',
  })
  await eventually(async () => (await fetch(`${url}/healthz`)).ok, { withinMs: 20_000 })
  await eventually(async () => (await metric(url, 'mayfly_look_duration_seconds_count')) >= 0)
  return { url, child }
}

/** What a script or a bot does for each merge request in one clone: write, add, commit, push. The commands simple-git runs. */
async function onePushEach(world: World, folder: string): Promise<number> {
  const clone = join(folder, 'one-push-each')
  const gitUrl = /url: (http:\S+environments\.git)/.exec(world.configText)?.[1] ?? ''
  await git(folder, 'clone', '-q', '--branch', 'dynamic-envs', '--', gitUrl, clone)
  const began = performance.now()
  for (let number = 1; number <= baselinePushes; number += 1) {
    await writeFile(join(clone, `apps/baseline-${number}.yml`), `number: ${number}\n`)
    await git(clone, 'add', '--', `apps/baseline-${number}.yml`)
    await git(
      clone,
      '-c',
      'user.name=ci',
      '-c',
      'user.email=ci@acme.dev',
      'commit',
      '-q',
      '-m',
      `preview ${number}`,
    )
    await git(clone, 'push', '-q', 'origin', 'HEAD:dynamic-envs')
  }
  return baselinePushes / ((performance.now() - began) / 1_000)
}

async function git(cwd: string, ...args: readonly string[]): Promise<void> {
  await promisify(execFile)('git', [...args], { cwd })
}

async function manifests(world: World): Promise<number> {
  return (await world.branch.files()).filter((name) => name.startsWith('shop-')).length
}

/** A minute of events about merge requests that are there already. */
async function atHundredASecond(url: string): Promise<number[]> {
  const answers: Promise<number>[] = []
  const began = performance.now()
  for (let sent = 0; sent < steadyEvents; sent += 1) {
    const due = began + sent * 10 - performance.now()
    if (due > 0) await delay(due)
    answers.push(post(url, eventBody((sent % count) + 1)))
  }
  return Promise.all(answers)
}

function eventBody(number: number): string {
  return JSON.stringify({
    action: 'opened',
    number,
    pull_request: { number },
    repository: { id: 1, full_name: repository },
  })
}

/** Gives the time to the answer in ms. */
async function post(url: string, body: string): Promise<number> {
  const signature = createHmac('sha256', canaries.webhookSecret).update(body).digest('hex')
  const headers = {
    'content-type': 'application/json',
    'x-gitea-event': 'pull_request',
    'x-gitea-signature': signature,
  }
  const began = performance.now()
  const answer = await fetch(`${url}/webhooks/gitea`, { method: 'POST', headers, body })
  await answer.text()
  if (answer.status !== 202) throw new Error(`a webhook was answered with ${answer.status}`)
  return performance.now() - began
}

async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text.split('\n').find((candidate) => candidate.startsWith(name))
  return line === undefined ? 0 : Number(line.split(' ').at(-1))
}

async function peakMemory({ pid }: ChildProcess): Promise<string> {
  const status = await readFile(`/proc/${pid ?? 0}/status`, 'utf8')
  return (Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024).toFixed(0)
}

function percentile(values: readonly number[], percent: number): string {
  const sorted = values.toSorted((one, other) => one - other)
  return (
    sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN
  ).toFixed(1)
}

function table(rows: readonly (readonly [string, string])[]): void {
  console.log('| what | measured |\n|:--|--:|')
  for (const [what, measured] of rows) console.log(`| ${what} | ${measured} |`)
}

async function end(child: ChildProcess): Promise<void> {
  const closed = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGTERM')
  await closed
}

for (const queue of ['in-process', 'Redis'] as const) await burst(queue)
