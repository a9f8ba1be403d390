import { readFile as readLocal } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import type { ImageRegistry } from '../../../src/registry/port.ts'
import { type Mayfly, startMayfly } from '../../../src/wire.ts'
import { type CapturedLog, createCapturedLog } from '../../support/captured-log.ts'
import { eventually } from '../../support/eventually.ts'
import { freePort } from '../../support/free-port.ts'
import { fluxGiteaSecret } from './cluster/gitea-credentials.ts'
import { kinds } from './cluster/object.ts'
import { openPullRequest, readComments, readStatuses } from './gitea-pull-request.ts'
import { addCollaborator, createRepository, pushFiles, readFile } from './gitea-repository.ts'
import { addWebhook } from './gitea-webhook.ts'
import { type AgentKind, configOf, type InstallationConfig, webhookSecret } from './installation-config.ts'
import { workload } from './workload.ts'

export type { AgentKind } from './installation-config.ts'

export const branch = 'dynamic-envs'

/** A Mayfly on a real Gitea and a real cluster, with the starter template and the root that the project ships. */
export interface Installation {
  readonly kind: AgentKind
  readonly application: string
  /** The repository of the application. */
  readonly shop: string
  readonly environments: string
  readonly log: CapturedLog
  readonly configText: string
  readonly url: string
  start(): Promise<void>
  stop(): Promise<void>
  /** Opens a merge request whose workload has this image tag: `ok`, `missing`, `slow` ... */
  open(name: string, tag?: string): Promise<{ readonly number: number; readonly sha: string }>
  push(name: string, tag: string): Promise<string>
  /** Any files to the branch of a merge request. */
  pushFiles(name: string, files: Readonly<Record<string, string | null>>): Promise<string>
  comment(number: number): Promise<string>
  /** Every different comment that was read, in the order of time. */
  commentsSeen(): readonly SeenComment[]
  /** Waits until our one comment says all of these. */
  says(number: number, ...words: readonly (string | RegExp)[]): Promise<string>
  status(sha: string): Promise<string | undefined>
  manifest(name: string, number: number): Promise<string | undefined>
  namespace(name: string, number: number): string
  namespaceIsThere(name: string, number: number): Promise<boolean>
  /** The same Mayfly, seen from another application of it. */
  beside(suffix: string): Installation
}

interface SeenComment {
  readonly application: string
  readonly number: number
  readonly body: string
}

export interface InstallationOptions extends InstallationConfig {
  /** Another name for everything, where a test file has several. */
  readonly suffix?: string
  /** More files for the environment branch. */
  readonly files?: Readonly<Record<string, string>>
  /** Lets the bot ask what people may do. */
  readonly isAdministrator?: boolean
  /** In the place of what asks the registries: those on this machine may not be asked. */
  readonly images?: ImageRegistry
}

/** Makes the repositories, starts Mayfly, which makes the branch, and applies the root. The organisation `acme` is there. */
export async function createInstallation(options: InstallationOptions): Promise<Installation> {
  const { kind, gitea, cluster, suffix = '', beside = [], images } = options
  const application = `${kind === 'argocd' ? 'shop' : 'store'}${suffix}`
  const shop = `acme/${application}`
  const environments = `acme/environments-${application}`
  const port = await freePort()
  for (const repository of [shop, ...beside.map((one) => `${shop}${one.suffix}`)])
    await createSource(options, repository, port)
  await createRepository(gitea.operator, { repository: environments, writers: [gitea.bot], private: true })
  const configText = configOf(options, { application, shop, environments, port })
  const log = createCapturedLog()
  const running: { mayfly: Mayfly | null } = { mayfly: null }
  const common: Common = {
    ...{ kind, environments, log, configText },
    url: `http://127.0.0.1:${port}`,
    start: async () => {
      const { config } = loadConfig({ path: 'mayfly.yaml', text: configText, env: {} })
      const pace = { limits: [{ writes: 50, perMs: 1_000 }] }
      running.mayfly = await startMayfly(config, { log, pace, ...(images === undefined ? {} : { images }) })
    },
    stop: async () => {
      await running.mayfly?.close(10_000)
      running.mayfly = null
      expect(log.text()).not.toContain(webhookSecret)
      expect(log.text()).not.toContain(gitea.bot.token)
    },
  }
  const installation = seenFrom(options, common, application, [])
  await installation.start()
  await branchIsThere(options, environments)
  // The project that the root ships names one repository.
  const shops = beside.length === 0 ? shop : `${shop}*`
  for (const file of roots[kind])
    await cluster.client.apply(await rootText(file, gitea.url, { shop: shops, environments }))
  return installation
}

/** What all applications of one Mayfly have in common. */
type Common = Pick<Installation, 'kind' | 'environments' | 'log' | 'configText' | 'url' | 'start' | 'stop'>

async function createSource(
  { gitea, isAdministrator = false }: InstallationOptions,
  repository: string,
  port: number,
): Promise<void> {
  const { operator, developer, bot } = gitea
  await createRepository(operator, { repository, writers: [developer, bot], private: true })
  if (isAdministrator) await addCollaborator(operator, repository, bot, 'admin')
  const url = `http://127.0.0.1:${port}/webhooks/gitea`
  await addWebhook(operator, repository, { url, secret: webhookSecret })
}

async function branchIsThere(
  { gitea, files = {} }: InstallationOptions,
  environments: string,
): Promise<void> {
  const { operator } = gitea
  await eventually(
    async () => (await readFile(operator, environments, branch, 'apps/mayfly.yml')) !== undefined,
    { withinMs: 30_000 },
  )
  if (Object.keys(files).length === 0) return
  // Gitea's database learns of a pushed branch a moment after git does.
  await eventually(() => pushFiles(operator, environments, { branch, files }), { withinMs: 30_000 })
}

function seenFrom(
  options: InstallationOptions,
  common: Common,
  application: string,
  seen: SeenComment[],
): Installation {
  const { gitea, cluster } = options
  const shop = `acme/${application}`
  const at = (name: string, number: number) => `${application}-${number}-${name}`
  const installation: Installation = {
    ...common,
    application,
    shop,
    open: async (name, tag = 'ok') => {
      // Two branches that were made in the same second would be the same commit otherwise, with one status for both.
      const files = { 'deploy/web.yaml': `# ${name}\n${workload(tag)}` }
      const sha = await pushFiles(gitea.developer, shop, { branch: name, from: 'main', files })
      return { number: await openPullRequest(gitea.developer, shop, { head: name }), sha }
    },
    push: (name, tag) => installation.pushFiles(name, { 'deploy/web.yaml': workload(tag) }),
    pushFiles: (name, files) => pushFiles(gitea.developer, shop, { branch: name, files }),
    comment: async (number) => {
      const all = await readComments(gitea.operator, shop, number)
      const ours = all.filter(
        ({ user, body }) => user.login === gitea.bot.login && !body.startsWith('<!-- mayfly:reply -->'),
      )
      expect(ours.length).toBeLessThanOrEqual(1)
      const body = ours[0]?.body ?? ''
      const last = seen.findLast((one) => one.application === application && one.number === number)
      if (body !== (last?.body ?? '')) seen.push({ application, number, body })
      return body
    },
    commentsSeen: () => seen,
    says: (number, ...words) =>
      eventually(
        async () => {
          const comment = await installation.comment(number)
          for (const word of words) expect(comment).toMatch(word)
          return comment
        },
        { withinMs: 120_000, everyMs: 250 },
      ),
    status: async (sha) => (await readStatuses(gitea.operator, shop, sha)).at(-1)?.status,
    manifest: (name, number) =>
      readFile(gitea.operator, common.environments, branch, `apps/${at(name, number)}.yml`),
    namespace: (name, number) => `preview-${at(name, number)}`,
    namespaceIsThere: async (name, number) =>
      (await cluster.client.get(kinds.namespace, { name: installation.namespace(name, number) })) !==
      undefined,
    beside: (suffix) => seenFrom(options, common, `${application}${suffix}`, seen),
  }
  return installation
}

const roots: Readonly<Record<AgentKind, readonly string[]>> = {
  argocd: ['argocd/projects.yaml', 'argocd/root.yaml'],
  flux: ['flux/accounts.yaml', 'flux/root.yaml'],
}

/** As the project ships it, with this installation's addresses where the file says CHANGE. */
export async function rootText(
  file: string,
  url: string,
  { shop, environments }: { readonly shop: string; readonly environments: string },
): Promise<string> {
  const text = await readLocal(join(import.meta.dirname, '../../../templates/root', file), 'utf8')
  return text
    .replaceAll('https://git.acme.dev/acme/environments.git', `${url}/${environments}.git`)
    .replaceAll('https://git.acme.dev/acme/shop.git', `${url}/${shop}.git`)
    .replaceAll('name: previews-repositories', `name: ${fluxGiteaSecret}`)
}
