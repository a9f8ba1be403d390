import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

const root = join(import.meta.dirname, '../..')

/** A trespass for each border: the file, what it imports, and the border's name. */
const trespasses = [
  ['src/preview/a.ts', '../clock.ts', 'the core imports only itself'],
  ['src/render/a.ts', 'node:fs', 'rendering is pure'],
  ['src/lifecycle/a.ts', '../forge/conversation.ts', 'rules about the life of a preview are pure'],
  ['src/report/comment.ts', '../forge/port.ts', 'the comment is pure'],
  ['src/api/a.ts', '../queue/port.ts', 'the API only adds keys'],
  ['src/server/a.ts', 'jose', 'jose stays in the API'],
  ['src/registry/a.ts', '../log.ts', 'the image registry asks and writes nothing'],
  ['src/reconcile/k.ts', '../registry/create-image-registry.ts', 'adapters are reached only through wire'],
  ['src/agent/argocd/a.ts', 'node:fs', 'agent observations are pure'],
  ['src/webhook/receive.ts', 'node:http', 'the door only reads bytes'],
  ['src/forge/gitea/webhook.ts', './api.ts', 'the door only reads bytes'],
  ['src/reconcile/a.ts', '../queue/bullmq.ts', 'adapters are reached only through wire'],
  ['src/reconcile/b.ts', '../forge/gitea/api.ts', 'adapters are reached only through wire'],
  ['src/server.ts', './environment-repository/git/repository.ts', 'entries reach adapters only through wire'],
  ['src/forge/gitea/map.ts', '../github/map.ts', 'a forge does not know another forge'],
  ['src/forge/bitbucket/map.ts', '../github/map.ts', 'a forge does not know another forge'],
  ['src/forge/bitbucket/webhook.ts', './api.ts', 'the door only reads bytes'],
  ['src/forge/bitbucket/kind.ts', './map.ts', 'the door only reads bytes'],
  ['src/reconcile/j.ts', '../forge/bitbucket/webhook.ts', 'adapters are reached only through wire'],
  ['src/forge/kinds.ts', './clients.ts', 'the door only reads bytes'],
  ['src/config/c.ts', '../forge/clients.ts', 'adapters are reached only through wire'],
  ['src/forge/rest/a.ts', '../gitea/map.ts', 'what forges share knows none of them'],
  ['src/report/publish.ts', '../wire.ts', 'rooms do not know who starts them'],
  ['src/reconcile/c.ts', 'ioredis', 'Redis stays in the queue'],
  ['src/report/b.ts', 'express', 'express stays at the door'],
  ['src/config/a.ts', 'handlebars', 'handlebars stays in render'],
  ['src/forge/gitlab/a.ts', '@octokit/rest', 'octokit describes GitHub and nothing else'],
  ['src/environment-repository/a.ts', 'simple-git', 'git is run in one place'],
  ['src/environment-repository/git/a.ts', 'node:child_process', 'programs are run in one place'],
  ['src/pace/a.ts', '../log.ts', 'pace knows only itself'],
  ['src/agent/port.ts', 'node:child_process', 'programs are run in one place'],
  ['src/reconcile/d.ts', 'zod', 'zod stays at the doors'],
  ['src/queue/port.ts', 'prom-client', 'prom-client stays in metrics'],
  ['src/forge/http/a.ts', 'undici', 'undici stays in the network'],
  ['src/network/a.ts', '../log.ts', 'the network knows only itself'],
  ['src/wire/a.ts', '@kubernetes/client-node', 'the Kubernetes client stays in its room'],
  ['src/queue/a.ts', 'pino', 'pino stays in log'],
  ['src/config/b.ts', 'commander', 'commander stays in the command line'],
  ['src/reconcile/e.ts', './f.ts', 'no circles'],
  ['src/reconcile/g.ts', '../../test/a.ts', 'the product does not know its tests'],
  ['src/reconcile/h.ts', 'fast-check', 'the product runs on declared packages'],
  ['src/reconcile/i.ts', './nowhere.ts', 'every import is found'],
] as const

const lawful = [
  'src/pace/clock.ts',
  'src/wire.ts',
  'src/forge/port.ts',
  'src/forge/clients.ts',
  'src/forge/bitbucket/api.ts',
  'src/forge/gitea/api.ts',
  'src/forge/github/map.ts',
  'src/queue/bullmq.ts',
  'src/registry/create-image-registry.ts',
  'src/environment-repository/git/repository.ts',
  'test/a.ts',
]

/** Empty, under their real names. */
const packages = [
  '@octokit/rest',
  'ioredis',
  'jose',
  'simple-git',
  'express',
  'handlebars',
  'zod',
  'prom-client',
  '@kubernetes/client-node',
  'pino',
  'commander',
  'fast-check',
  'undici',
]

const report = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
    ruleSetUsed: z.object({
      forbidden: z.array(z.object({ name: z.string(), comment: z.string().min(20) })),
    }),
  }),
})

describe('the borders between the rooms', () => {
  let folder = ''
  let summary: z.infer<typeof report>['summary']

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mayfly-borders-'))
    for (const name of ['package.json', 'tsconfig.json', '.dependency-cruiser.js'])
      await symlink(join(root, name), join(folder, name))
    for (const path of lawful) await write(path, 'export const here = 1\n')
    for (const name of packages) await write(`node_modules/${name}/index.js`, 'export const here = 1\n')
    await write('src/reconcile/f.ts', "import './e.ts'\nexport const here = 1\n")
    for (const [path, target] of trespasses) await write(path, `import '${target}'\nexport const here = 1\n`)
    summary = await cruise(folder)
  })

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  async function write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }

  it.each(trespasses)('%s must not import %s: %s', (path, _target, border) => {
    const hit = summary.violations.filter((violation) => violation.from === path).map(({ rule }) => rule.name)
    expect(hit).toContain(border)
  })

  it('leaves what is lawful alone', () => {
    const trespassers = new Set<string>(trespasses.map(([path]) => path))
    expect(summary.violations.filter(({ from }) => !trespassers.has(from))).toEqual([])
  })

  it('tries every border', () => {
    const tried = new Set<string>(trespasses.map(([, , border]) => border))
    expect(summary.ruleSetUsed.forbidden.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual(
      [],
    )
  })
})

async function cruise(folder: string): Promise<z.infer<typeof report>['summary']> {
  const args = ['src', '--config', '.dependency-cruiser.js', '--output-type', 'json']
  const depcruise = join(root, 'node_modules/.bin/depcruise')
  const output = await new Promise<string>((resolve) => {
    execFile(depcruise, args, { cwd: folder, maxBuffer: 1 << 28 }, (_error, stdout) => resolve(stdout))
  })
  return report.parse(JSON.parse(output)).summary
}
