/**
 * Writes what a real Gitea sends into test/webhook/payloads/gitea-real/, one file a webhook:
 * `node test/e2e/capture-payloads.ts`, after a new version in test/e2e/parts/gitea/go.mod.
 */
import { createHmac } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from '../support/eventually.ts'
import { callGitea } from './support/call-gitea.ts'
import { startGitea, type GiteaServer } from './support/gitea.ts'
import {
  addComment,
  editPullRequest,
  mergePullRequest,
  openPullRequest,
  setLabels,
} from './support/gitea-pull-request.ts'
import {
  createOrganisation,
  createRepository,
  forkRepository,
  pushFiles,
} from './support/gitea-repository.ts'
import { addWebhook } from './support/gitea-webhook.ts'
import { recordDeliveries, type Delivery, type DeliveryRecorder } from './support/record-deliveries.ts'

const folder = join(import.meta.dirname, '../webhook/payloads/gitea-real')
const secret = 'an-example-webhook-secret'
const repository = 'acme/shop'
const exampleUrl = 'https://gitea.acme.example'

interface Step {
  /** The file's name. */
  readonly name: string
  /** How the delivery is told from those that come with it: `X-Gitea-Event-Type` and the body's `action`. */
  readonly type: string
  readonly action: string
  act(): Promise<unknown>
}

async function main(): Promise<void> {
  const gitea = await startGitea()
  const recorder = await recordDeliveries()
  try {
    await prepare(gitea, recorder)
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    for (const step of await steps(gitea)) await capture(gitea, recorder, step)
  } finally {
    await recorder.stop()
    await gitea.stop()
  }
}

async function prepare(gitea: GiteaServer, recorder: DeliveryRecorder): Promise<void> {
  await createOrganisation(gitea.operator, 'acme')
  await createRepository(gitea.operator, { repository, writers: [gitea.developer, gitea.bot] })
  await pushFiles(gitea.developer, repository, {
    branch: 'release',
    from: 'main',
    files: { 'release.txt': 'one\n' },
  })
  await pushFiles(gitea.developer, repository, {
    branch: 'feature/cart',
    from: 'main',
    files: { 'cart.txt': 'one\n' },
  })
  await addWebhook(gitea.operator, repository, { url: recorder.url, secret })
}

async function steps(gitea: GiteaServer): Promise<readonly Step[]> {
  const { developer, stranger } = gitea
  const number = 1
  const fork = await forkRepository(stranger, repository)
  await pushFiles(stranger, fork, { branch: 'from-outside', from: 'main', files: { 'fork.txt': 'one\n' } })
  const edit = (changes: Parameters<typeof editPullRequest>[3]) =>
    editPullRequest(developer, repository, number, changes)
  const push = { branch: 'feature/cart', files: { 'cart.txt': 'two\n' } }
  const fromFork = { head: `${stranger.login}:from-outside` }
  const pull = 'pull_request'
  return [
    {
      name: 'opened',
      type: pull,
      action: 'opened',
      act: () => openPullRequest(developer, repository, { head: 'feature/cart' }),
    },
    {
      name: 'synchronized',
      type: 'pull_request_sync',
      action: 'synchronized',
      act: () => pushFiles(developer, repository, push),
    },
    { name: 'edited-title', type: pull, action: 'edited', act: () => edit({ title: 'Add a cart' }) },
    { name: 'edited-draft', type: pull, action: 'edited', act: () => edit({ title: 'WIP: Add a cart' }) },
    { name: 'edited-target', type: pull, action: 'edited', act: () => edit({ base: 'release' }) },
    {
      name: 'label-updated',
      type: 'pull_request_label',
      action: 'label_updated',
      act: () => setLabels(developer, repository, number, ['preview']),
    },
    {
      name: 'label-removed',
      type: 'pull_request_label',
      action: 'label_updated',
      act: () => setLabels(developer, repository, number, []),
    },
    {
      name: 'label-cleared',
      type: 'pull_request_label',
      action: 'label_cleared',
      act: () => labelAndClear(gitea, number),
    },
    {
      name: 'comment',
      type: 'pull_request_comment',
      action: 'created',
      act: () => addComment(developer, repository, number, 'Looks good'),
    },
    { name: 'closed', type: pull, action: 'closed', act: () => edit({ state: 'closed' }) },
    { name: 'reopened', type: pull, action: 'reopened', act: () => edit({ state: 'open' }) },
    { name: 'merged', type: pull, action: 'closed', act: () => mergeUndrafted(gitea, number) },
    {
      name: 'opened-from-fork',
      type: pull,
      action: 'opened',
      act: () => openPullRequest(stranger, repository, fromFork),
    },
  ]
}

async function labelAndClear({ developer }: GiteaServer, number: number): Promise<void> {
  await setLabels(developer, repository, number, ['preview'])
  await callGitea(developer, 'DELETE', `/repos/${repository}/issues/${number}/labels`)
}

async function mergeUndrafted(gitea: GiteaServer, number: number): Promise<void> {
  await editPullRequest(gitea.developer, repository, number, { title: 'Add a cart' })
  await mergePullRequest(gitea.developer, repository, number)
}

async function capture(gitea: GiteaServer, recorder: DeliveryRecorder, step: Step): Promise<void> {
  const before = recorder.deliveries.length
  await step.act()
  const isIt = (delivery: Delivery) =>
    delivery.headers['x-gitea-event-type'] === step.type &&
    (JSON.parse(delivery.body) as { action?: string }).action === step.action
  const delivery = await eventually(
    () => {
      const news = recorder.deliveries.slice(before)
      const seen = news.map((each) => each.headers['x-gitea-event-type']).join(', ')
      return news.find(isIt) ?? fail(`no ${step.type}/${step.action} for ${step.name}, but ${seen}`)
    },
    { withinMs: 20_000 },
  )
  await writeFile(
    join(folder, `${step.name}.json`),
    `${JSON.stringify(exemplary(gitea, delivery), null, 2)}\n`,
  )
}

function fail(why: string): never {
  throw new Error(why)
}

/** The same delivery with an example address, signed again over the changed bytes. */
function exemplary(gitea: GiteaServer, delivery: Delivery): object {
  if (delivery.headers['x-gitea-signature'] !== hmac('sha256', delivery.body))
    throw new Error('not signed as expected')
  const body = delivery.body.replaceAll(gitea.url, exampleUrl)
  const { host: _host, 'content-length': _length, ...headers } = delivery.headers
  const signatures = {
    'x-gitea-signature': hmac('sha256', body),
    'x-gogs-signature': hmac('sha256', body),
    'x-hub-signature': `sha1=${hmac('sha1', body)}`,
    'x-hub-signature-256': `sha256=${hmac('sha256', body)}`,
  }
  return { secret, headers: { ...headers, ...signatures }, body }
}

function hmac(algorithm: 'sha1' | 'sha256', body: string): string {
  return createHmac(algorithm, secret).update(body).digest('hex')
}

await main()
