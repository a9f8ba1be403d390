/**
 * From a merge request to a healthy Application and back, on a real Argo CD: Mayfly beside Argo CD's own pull-request
 * generator, both told by webhooks of the same stand-in for GitHub, in the same run, taking turns.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type ChildProcess, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../src/pace/clock.ts'
import type { SandboxForge } from '../src/sandbox/forge.ts'
import { startSandboxForge } from '../src/sandbox/forge.ts'
import { standInOf } from '../test/stand-ins/stand-in-of.ts'
import { createCapturedLog } from '../test/support/captured-log.ts'
import { eventually } from '../test/support/eventually.ts'
import { freePort } from '../test/support/free-port.ts'
import { applicationState } from '../test/e2e/support/cluster/application-state.ts'
import { argocdNamespace } from '../test/e2e/support/cluster/argocd.ts'
import { type Cluster, startCluster } from '../test/e2e/support/cluster/cluster.ts'
import { addGiteaCredentials } from '../test/e2e/support/cluster/gitea-credentials.ts'
import { kinds } from '../test/e2e/support/cluster/object.ts'
import { type GiteaServer, startGitea } from '../test/e2e/support/gitea.ts'
import { createOrganisation, createRepository, pushFiles } from '../test/e2e/support/gitea-repository.ts'
import { rootText } from '../test/e2e/support/installation.ts'
import { workload } from '../test/e2e/support/workload.ts'

const rounds = Number(process.argv[2] ?? 10)
const crowd = Number(process.argv[3] ?? 100)
const secret = 'a-webhook-secret-of-the-bench'
const token = 'token-of-the-bench-0123456789'
const shop = 'acme/shop'
const environments = 'acme/environments'

/** One of the two: its own forge, and what it calls what it makes. */
interface Rival {
  readonly name: string
  readonly forge: SandboxForge
  readonly application: (number: number) => string
  readonly namespace: (number: number) => string
}

async function main(): Promise<void> {
  const gitea = await startGitea()
  const cluster = await startCluster('bench')
  const folder = await mkdtemp(join(tmpdir(), 'mayfly-bench-'))
  let mayfly: ChildProcess | null = null
  const [ours, theirs] = [await forgeCalled('ours'), await forgeCalled('theirs')]
  try {
    const sha = await prepare(gitea, cluster)
    const port = await freePort()
    mayfly = await serve(folder, configOf(gitea, cluster, ours, port), port)
    await applyRoot(gitea, cluster)
    ours.webhooks.deliverTo({ url: `http://127.0.0.1:${port}/webhooks/github`, secret })
    await generate(gitea, cluster, theirs)
    theirs.webhooks.deliverTo({ url: cluster.applicationSetWebhook ?? '', secret })
    const rivals: readonly Rival[] = [
      {
        name: 'Mayfly',
        forge: ours,
        application: (number) => `shop-${number}-branch-${number}`,
        namespace: (number) => `preview-shop-${number}-branch-${number}`,
      },
      {
        name: 'pull-request generator',
        forge: theirs,
        application: (number) => `generated-${number}`,
        namespace: (number) => `generated-${number}`,
      },
    ]
    await takeTurns(cluster, rivals, sha)
    for (const rival of rivals) await allAtOnce(cluster, rival, sha)
  } finally {
    mayfly?.kill('SIGTERM')
    await Promise.all([ours.close(), theirs.close(), cluster.stop(), gitea.stop()])
    await rm(folder, { recursive: true, force: true })
  }
}

async function takeTurns(cluster: Cluster, rivals: readonly Rival[], sha: string): Promise<void> {
  const measured = new Map<string, Times>(
    rivals.map(({ name }) => [name, { opened: [], closed: [], namespace: [] }]),
  )
  for (let round = 1; round <= rounds; round += 1)
    for (const rival of round % 2 === 0 ? rivals.toReversed() : rivals) {
      const times = measured.get(rival.name)
      times?.opened.push(await seconds(() => openOne(cluster, rival, round, sha)))
      const closing = performance.now()
      rival.forge.actions.setState(shop, round, 'closed')
      times?.closed.push(await seconds(() => applicationIsGone(cluster, rival, round)))
      const gone = await namespaceIsGone(cluster, rival, round)
      times?.namespace.push(gone ? (performance.now() - closing) / 1_000 : Number.POSITIVE_INFINITY)
    }
  console.log(`\n### One after the other, ${rounds} rounds, medians (smallest to largest) in seconds\n`)
  console.log(
    '| | opened: Synced and Healthy | closed: Application gone | closed: namespace gone |\n|:--|--:|--:|--:|',
  )
  for (const [name, { opened, closed, namespace }] of measured)
    console.log(`| ${name} | ${spread(opened)} | ${spread(closed)} | ${spread(namespace)} |`)
}

interface Times {
  readonly opened: number[]
  readonly closed: number[]
  readonly namespace: number[]
}

async function allAtOnce(cluster: Cluster, rival: Rival, sha: string): Promise<void> {
  const first = rounds + 1
  const taken = await seconds(async () => {
    for (let number = first; number < first + crowd; number += 1) open(rival, number, sha)
    await eventually(
      async () => {
        const states = await cluster.client.list(kinds.application, { namespace: argocdNamespace })
        const healthy = states.filter(
          ({ metadata, status }) =>
            metadata.name.startsWith(rival.application(0).split('-')[0] ?? '') && isHealthy(status),
        )
        return healthy.length >= crowd
      },
      { withinMs: 600_000, everyMs: 500 },
    )
  })
  console.log(`\n${rival.name}: ${crowd} at once are all Synced and Healthy after ${taken.toFixed(1)} s`)
}

function isHealthy(status: unknown): boolean {
  const { sync, health } = (status ?? {}) as { sync?: { status?: string }; health?: { status?: string } }
  return sync?.status === 'Synced' && health?.status === 'Healthy'
}

function open({ forge }: Rival, number: number, sha: string): void {
  const [author] = forge.state.users.slice(1)
  if (author !== undefined) forge.actions.openMergeRequest(shop, { branch: `branch-${number}`, author, sha })
}

async function openOne(cluster: Cluster, rival: Rival, number: number, sha: string): Promise<void> {
  open(rival, number, sha)
  await eventually(
    async () => {
      const state = await applicationState(cluster.client, rival.application(number))
      return state?.sync === 'Synced' && state.health === 'Healthy' && state.revision === sha
    },
    { withinMs: 120_000, everyMs: 50 },
  )
}

async function applicationIsGone(cluster: Cluster, rival: Rival, number: number): Promise<void> {
  await eventually(
    async () => (await applicationState(cluster.client, rival.application(number))) === undefined,
    { withinMs: 120_000, everyMs: 50 },
  )
}

/** False when it still stands, and not even on its way out, after 15 s. */
async function namespaceIsGone(cluster: Cluster, rival: Rival, number: number): Promise<boolean> {
  const gone = async () =>
    (await cluster.client.get(kinds.namespace, { name: rival.namespace(number) })) === undefined
  return eventually(gone, { withinMs: 15_000, everyMs: 50 }).then(
    () => true,
    () => false,
  )
}

async function forgeCalled(name: string): Promise<SandboxForge> {
  const forge = await startSandboxForge({
    dialect: standInOf('github', systemClock).dialect,
    host: '127.0.0.1',
    port: 0,
    users: [
      { login: `mayfly-${name}`, fullName: 'Mayfly', token },
      { login: 'dev', fullName: 'A developer', token: 'dev' },
    ],
    webhook: null,
    clock: systemClock,
    log: createCapturedLog(),
    pageLimit: 100,
    rootUrl: null,
  })
  forge.actions.createRepository(shop)
  return forge
}

/** The application's repository with what a merge request deploys; every merge request is at this commit. */
async function prepare(gitea: GiteaServer, cluster: Cluster): Promise<string> {
  await createOrganisation(gitea.operator, 'acme')
  await createRepository(gitea.operator, { repository: shop, writers: [gitea.bot] })
  await createRepository(gitea.operator, { repository: environments, writers: [gitea.bot] })
  await addGiteaCredentials(cluster.client, gitea.bot)
  return pushFiles(gitea.operator, shop, { branch: 'main', files: { 'deploy/web.yaml': workload('ok') } })
}

/** Code lives on Gitea, merge requests on the stand-in. */
function configOf(gitea: GiteaServer, cluster: Cluster, forge: SandboxForge, port: number): string {
  return `server: { host: 127.0.0.1, port: ${port} }
forges:
  - { name: github, kind: github, url: ${gitea.url}, api: ${forge.url}/api/v3, token: ${token}, webhookSecret: ${secret} }
environmentRepository:
  url: ${gitea.url}/${environments}.git
  token: ${gitea.bot.token}
  createBranch: true
  pushes: { perMinute: 6000, burst: 100 }
agent: { kind: argocd, kubeconfig: ${cluster.kubeconfig} }
applications:
  - { name: shop, forge: github, repository: ${shop}, template: argocd-directory.yaml.hbs, url: 'https://{{name}}.preview.acme.dev' }
`
}

async function serve(folder: string, config: string, port: number): Promise<ChildProcess> {
  const file = join(folder, 'mayfly.yaml')
  await writeFile(file, config)
  const child = spawn(process.execPath, ['dist/main.js', 'serve', '--config', file], { stdio: 'ignore' })
  await eventually(async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok, { withinMs: 20_000 })
  return child
}

async function applyRoot(gitea: GiteaServer, cluster: Cluster): Promise<void> {
  for (const file of ['argocd/projects.yaml', 'argocd/root.yaml'])
    await cluster.client.apply(await rootText(file, gitea.url, { shop, environments }))
}

/** As Argo CD's documentation has it, polling as rarely as by default. */
async function generate(gitea: GiteaServer, cluster: Cluster, forge: SandboxForge): Promise<void> {
  await cluster.client.apply({
    ...kinds.secret,
    metadata: { name: 'generator', namespace: argocdNamespace },
    stringData: { token },
  })
  await cluster.client.apply(`apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: generated, namespace: ${argocdNamespace} }
spec:
  goTemplate: true
  generators:
    - pullRequest:
        requeueAfterSeconds: 1800
        github: { owner: acme, repo: shop, api: '${forge.url}', tokenRef: { secretName: generator, key: token } }
  template:
    metadata:
      name: 'generated-{{.number}}'
      finalizers: [resources-finalizer.argocd.argoproj.io]
    spec:
      project: default
      source: { repoURL: '${gitea.url}/${shop}.git', targetRevision: '{{.head_sha}}', path: deploy }
      destination: { server: https://kubernetes.default.svc, namespace: 'generated-{{.number}}' }
      syncPolicy:
        automated: { prune: true, selfHeal: true }
        syncOptions: [CreateNamespace=true]
`)
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1_000
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((one, other) => one - other)
  const at = (index: number) => {
    const value = sorted[index]
    return value === undefined || value === Number.POSITIVE_INFINITY ? 'stays' : value.toFixed(2)
  }
  return `${at(Math.floor(sorted.length / 2))} (${at(0)} to ${at(sorted.length - 1)})`
}

await main()
