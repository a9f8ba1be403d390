/** One change to the environment repository against an empty push and against the script of today; 8 writers at once. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startTestGitServer, type TestGitServer } from '../test/support/git-server.ts'
import { optionsFor } from '../test/support/git-repositories.ts'
import { creation, manifestOf, pathOf } from '../test/support/proposed-changes.ts'
import { createGitEnvironmentRepository } from '../src/environment-repository/git/create-git-environment-repository.ts'

const rounds = Number(process.argv[2] ?? 15)
const sizes = [10, 1_000, 10_000]
const environment = {
  PATH: process.env['PATH'],
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  HOME: tmpdir(),
}

async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  await promisify(execFile)(command, args, { cwd, env: environment })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function row(cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(' | ')} |`)
}

/** The script that CI jobs run today: shallow clone, sed, add, commit, push. */
const script = `set -e
git clone -q --depth 1 --branch dynamic-envs "$1" "$2"
cd "$2"
sed "s/@NUMBER@/$3/g" "$4" > "apps/script-$3.yml"
git add "apps/script-$3.yml"
git -c user.name=ci -c user.email=ci@acme.dev commit -q -m "preview $3"
git push -q origin HEAD:dynamic-envs
`

async function oneChange(files: number): Promise<void> {
  const server = await seeded(files)
  const repository = createGitEnvironmentRepository(optionsFor(server.url, join(server.folder, 'cache')))
  try {
    const load = await timed(() => repository.view())
    const work = join(server.folder, 'empty')
    await run(
      'git',
      ['clone', '-q', '--depth=1', '--branch=dynamic-envs', '--', server.url, work],
      server.folder,
    )
    await run('git', ['config', 'user.name', 'x'], work)
    await run('git', ['config', 'user.email', 'x@acme.dev'], work)
    const template = join(server.folder, 'template.yml')
    await writeFile(template, manifestOf(1).replaceAll('shop-1', 'script-@NUMBER@'))
    await writeFile(join(server.folder, 'script.sh'), script)
    const times = {
      noop: [] as number[],
      empty: [] as number[],
      change: [] as number[],
      script: [] as number[],
    }
    for (let at = 0; at < rounds; at++) {
      const scratch = join(server.folder, `script-${at}`)
      times.script.push(
        await timed(() => run('sh', ['script.sh', server.url, scratch, String(at), template], server.folder)),
      )
      await rm(scratch, { recursive: true })
      // Each starts where it stands still: on the newest tip.
      await run('git', ['pull', '-q', '--ff-only', 'origin', 'dynamic-envs'], work)
      await run('git', ['commit', '-q', '--allow-empty', '-m', 'empty'], work)
      times.empty.push(await timed(() => run('git', ['push', '-q', 'origin', 'HEAD:dynamic-envs'], work)))
      times.noop.push(await timed(() => run('git', ['push', '-q', 'origin', 'HEAD:dynamic-envs'], work)))
      await repository.refresh()
      times.change.push(await timed(() => repository.change(creation(files + at + 1))))
    }
    const [noop, empty, change, scripted] = [times.noop, times.empty, times.change, times.script].map(median)
    if (noop === undefined || empty === undefined || change === undefined || scripted === undefined) return
    row([
      files,
      load.toFixed(0),
      noop.toFixed(1),
      empty.toFixed(1),
      change.toFixed(1),
      scripted.toFixed(1),
      (change / empty).toFixed(2),
      (change / noop).toFixed(2),
      (scripted / change).toFixed(2),
    ])
  } finally {
    await repository.close()
    await server.close()
  }
}

async function seeded(files: number): Promise<TestGitServer> {
  const server = await startTestGitServer({ 'apps/mayfly.yml': 'kind: ConfigMap\n' })
  const numbers = Array.from({ length: files }, (_, index) => index + 1)
  await server.branch.commitForeign(Object.fromEntries(numbers.map((it) => [pathOf(it), manifestOf(it)])))
  await server.branch.git('repack', '-adq')
  return server
}

async function eightWriters(): Promise<void> {
  const server = await seeded(10)
  const folder = await mkdtemp(join(tmpdir(), 'mayfly-bench-'))
  const writers = Array.from({ length: 8 }, (_, index) =>
    createGitEnvironmentRepository(optionsFor(server.url, join(folder, String(index)))),
  )
  try {
    await Promise.all(writers.map((writer) => writer.view()))
    const wishes = writers.flatMap((writer, index) =>
      Array.from({ length: 25 }, (_, each) => () => writer.change(creation(1_000 + index * 25 + each))),
    )
    let results: PromiseSettledResult<unknown>[] = []
    const ms = await timed(async () => {
      results = await Promise.allSettled(wishes.map((wish) => wish()))
    })
    const done = results.filter(({ status }) => status === 'fulfilled').length
    const pushes = server.requests.filter((request) => /^POST .*receive-pack$/.test(request)).length
    console.log(
      `\n8 writers, 25 changes each: ${done} of ${wishes.length} in ${(ms / 1000).toFixed(1)} s, ${pushes} pushes`,
    )
  } finally {
    await Promise.all(writers.map((writer) => writer.close()))
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
}

console.log(`${cpus().length} cores, node ${process.version}, ${rounds} rounds, medians in ms\n`)
row([
  'files',
  'load',
  'push of nothing',
  'empty push',
  'change',
  'script',
  'change / empty',
  'change / nothing',
  'script / change',
])
row(Array.from({ length: 9 }, () => '--:'))
for (const size of sizes) await oneChange(size)
await eightWriters()
