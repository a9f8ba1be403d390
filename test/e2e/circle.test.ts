import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { type Mayfly, startMayfly } from '../../src/wire.ts'
import { type CapturedLog, createCapturedLog } from '../support/captured-log.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { plainTemplate } from '../support/harness.ts'
import { type GiteaServer, startGitea } from './support/gitea.ts'
import {
  editPullRequest,
  mergePullRequest,
  openPullRequest,
  readComments,
  readStatuses,
  setLabels,
} from './support/gitea-pull-request.ts'
import {
  createOrganisation,
  createRepository,
  forkRepository,
  pushFiles,
  readFile,
  renameRepository,
} from './support/gitea-repository.ts'
import { addWebhook } from './support/gitea-webhook.ts'

const secret = 'canary-webhook-secret-of-the-circle'
const branch = 'dynamic-envs'

describe('the circle on a real Gitea, real git over HTTP and a real Redis', { timeout: 120_000 }, () => {
  let gitea: GiteaServer
  let redis: TestRedis
  let mayfly: Mayfly
  let log: CapturedLog
  let round = 0
  let shop = ''
  let environments = ''
  let port = 0

  beforeAll(async () => {
    gitea = await startGitea()
    redis = await startRedis({ appendonly: 'yes' })
    await createOrganisation(gitea.operator, 'acme')
  })

  afterAll(async () => {
    await redis.remove()
    await gitea.stop()
  })

  beforeEach(async () => {
    round += 1
    shop = `acme/circle-${round}`
    environments = `acme/environments-${round}`
    const { operator, bot, developer } = gitea
    await createRepository(operator, { repository: shop, writers: [developer, bot] })
    await createRepository(operator, { repository: environments, writers: [bot] })
    port = await freePort()
    await addWebhook(operator, shop, { url: `http://127.0.0.1:${port}/webhooks/gitea`, secret })
    log = createCapturedLog()
    const config = loadConfig({ path: 'mayfly.yaml', text: configText(), env: {} })
    mayfly = await startMayfly(config.config, { log })
    await eventually(async () => (await file('apps/mayfly.yml')) !== undefined)
    // Gitea's database learns of a pushed branch a moment after git does.
    await eventually(() =>
      pushFiles(operator, environments, { branch, files: { 'templates/preview.yaml.hbs': plainTemplate } }),
    )
  })

  afterEach(async () => {
    await mayfly.close(10_000)
    expect(log.text()).not.toContain(secret)
    expect(log.text()).not.toContain(gitea.bot.token)
  })

  function configText(): string {
    return `server: { host: 127.0.0.1, port: ${port} }
queue: { redis: '${redis.url}', prefix: circle-${round} }
forges:
  - name: gitea
    kind: gitea
    url: ${gitea.url}
    token: ${gitea.bot.token}
    webhookSecret: ${secret}
environmentRepository:
  url: ${gitea.url}/${environments}.git
  token: ${gitea.bot.token}
  createBranch: true
sweep: { every: 5s }
applications:
  - name: shop
    forge: gitea
    repository: ${shop}
    template: preview.yaml.hbs
    url: https://{{name}}.preview.acme.dev
    when: { labels: { none: [no-preview] } }
`
  }

  const file = (path: string) => readFile(gitea.operator, environments, branch, path)

  async function open(name: string): Promise<{ number: number; sha: string }> {
    const sha = await pushFiles(gitea.developer, shop, {
      branch: name,
      from: 'main',
      files: { [`${name}.txt`]: 'one\n' },
    })
    return { number: await openPullRequest(gitea.developer, shop, { head: name }), sha }
  }

  async function stands(path: string, content: string): Promise<void> {
    await eventually(
      async () => {
        expect(await file(path)).toContain(content)
      },
      { withinMs: 30_000, everyMs: 100 },
    )
  }

  async function isGone(path: string): Promise<void> {
    await eventually(
      async () => {
        expect(await file(path)).toBeUndefined()
      },
      { withinMs: 30_000, everyMs: 100 },
    )
  }

  async function says(number: number, ...words: readonly string[]): Promise<void> {
    await eventually(
      async () => {
        const ours = (await readComments(gitea.operator, shop, number)).filter(
          ({ user }) => user.login === gitea.bot.login,
        )
        expect(ours).toHaveLength(1)
        for (const word of words) expect(ours[0]?.body).toContain(word)
      },
      { withinMs: 30_000, everyMs: 100 },
    )
  }

  it('opens, is pushed to, is merged: the file appears, follows and goes; one comment tells it', async () => {
    const { number, sha } = await open('cart')
    const path = `apps/shop-${number}-cart.yml`
    await stands(path, sha)
    await says(number, 'Deploying', `https://shop-${number}-cart.preview.acme.dev`, sha.slice(0, 7))
    await eventually(async () => {
      const statuses = await readStatuses(gitea.operator, shop, sha)
      expect(statuses.at(-1)).toMatchObject({ context: 'mayfly/shop', status: 'pending' })
    })

    const pushed = await pushFiles(gitea.developer, shop, { branch: 'cart', files: { 'cart.txt': 'two\n' } })
    await stands(path, pushed)
    await says(number, pushed.slice(0, 7))

    await mergePullRequest(gitea.developer, shop, number)
    await isGone(path)
    await says(number, 'Removed', 'the merge request was merged', '2 deploys')
  })

  it('is closed, reopened, labelled away and back', async () => {
    const { number } = await open('basket')
    const path = `apps/shop-${number}-basket.yml`
    await stands(path, 'basket')
    await editPullRequest(gitea.developer, shop, number, { state: 'closed' })
    await isGone(path)
    await editPullRequest(gitea.developer, shop, number, { state: 'open' })
    await stands(path, 'basket')
    await setLabels(gitea.operator, shop, number, ['no-preview'])
    await isGone(path)
    await says(number, 'Removed', 'no-preview')
    await setLabels(gitea.operator, shop, number, [])
    await stands(path, 'basket')
    await says(number, 'Deploying')
  })

  it('comes from a fork: nothing is written, and the comment says why', async () => {
    const fork = await forkRepository(gitea.stranger, shop)
    await pushFiles(gitea.stranger, fork, { branch: 'evil', from: 'main', files: { 'evil.txt': 'x\n' } })
    const number = await openPullRequest(gitea.stranger, shop, { head: `${gitea.stranger.login}:evil` })
    await says(number, 'Refused', 'comes from a fork')
    expect(await file(`apps/shop-${number}-evil.yml`)).toBeUndefined()
  })

  it('its repository is renamed: the preview is still followed to its end', async () => {
    const { number } = await open('moving')
    const path = `apps/shop-${number}-moving.yml`
    await stands(path, 'moving')
    await renameRepository(gitea.operator, shop, `moved-${round}`)
    shop = `acme/moved-${round}`
    await editPullRequest(gitea.developer, shop, number, { state: 'closed' })
    await isGone(path)
  })
})
