import { readFile as readLocal } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { type Mayfly, startMayfly } from '../../../src/wire.ts'
import { type CapturedLog, createCapturedLog } from '../../support/captured-log.ts'
import { eventually } from '../../support/eventually.ts'
import { freePort } from '../../support/free-port.ts'
import type { Cluster } from './cluster/cluster.ts'
import { fluxGiteaSecret } from './cluster/gitea-credentials.ts'
import { kinds } from './cluster/object.ts'
import type { GiteaServer } from './gitea.ts'
import { openPullRequest, readComments, readStatuses } from './gitea-pull-request.ts'
import { createRepository, pushFiles, readFile } from './gitea-repository.ts'
import { addWebhook } from './gitea-webhook.ts'
import { workload } from './workload.ts'

export type AgentKind = 'argocd' | 'flux'

const webhookSecret = 'canary-webhook-secret-of-e2e'
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
  commentsSeen(): readonly { readonly number: number; readonly body: string }[]
  /** Waits until our one comment says all of these. */
  says(number: number, ...words: readonly (string | RegExp)[]): Promise<string>
  status(sha: string): Promise<string | undefined>
  manifest(name: string, number: number): Promise<string | undefined>
  namespace(name: string, number: number): string
  namespaceIsThere(name: string, number: number): Promise<boolean>
}

export interface InstallationOptions {
  readonly kind: AgentKind
  readonly gitea: GiteaServer
  readonly cluster: Cluster
  /** Of the ServiceAccount that Mayfly runs with; absent: the administrator's. */
  readonly kubeconfig?: string
  readonly sweepEvery?: string
  /** Another name for everything, where a test file has several. */
  readonly suffix?: string
  /** More lines of the application. */
  readonly more?: string
}

/** Makes the repositories, starts Mayfly, which makes the branch, and applies the root. The organisation `acme` is there. */
export async function createInstallation(options: InstallationOptions): Promise<Installation> {
  const { kind, gitea, cluster, suffix = '' } = options
  const application = `${kind === 'argocd' ? 'shop' : 'store'}${suffix}`
  const shop = `acme/${application}`
  const environments = `acme/environments-${application}`
  await createRepository(gitea.operator, {
    repository: shop,
    writers: [gitea.developer, gitea.bot],
    private: true,
  })
  await createRepository(gitea.operator, { repository: environments, writers: [gitea.bot], private: true })
  const port = await freePort()
  await addWebhook(gitea.operator, shop, {
    url: `http://127.0.0.1:${port}/webhooks/gitea`,
    secret: webhookSecret,
  })
  const configText = configOf(options, { application, shop, environments, port })
  const log = createCapturedLog()
  const running: { mayfly: Mayfly | null } = { mayfly: null }
  const seen: { number: number; body: string }[] = []
  const at = (name: string, number: number) => `${application}-${number}-${name}`
  const installation: Installation = {
    kind,
    application,
    shop,
    environments,
    log,
    configText,
    url: `http://127.0.0.1:${port}`,
    start: async () => {
      const { config } = loadConfig({ path: 'mayfly.yaml', text: configText, env: {} })
      running.mayfly = await startMayfly(config, { log, pace: { limits: [{ writes: 50, perMs: 1_000 }] } })
    },
    stop: async () => {
      await running.mayfly?.close(10_000)
      running.mayfly = null
      expect(log.text()).not.toContain(webhookSecret)
      expect(log.text()).not.toContain(gitea.bot.token)
    },
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
      const ours = all.filter(({ user }) => user.login === gitea.bot.login)
      expect(ours.length).toBeLessThanOrEqual(1)
      const body = ours[0]?.body ?? ''
      if (body !== (seen.findLast((one) => one.number === number)?.body ?? '')) seen.push({ number, body })
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
      readFile(gitea.operator, environments, branch, `apps/${at(name, number)}.yml`),
    namespace: (name, number) => `preview-${at(name, number)}`,
    namespaceIsThere: async (name, number) =>
      (await cluster.client.get(kinds.namespace, { name: installation.namespace(name, number) })) !==
      undefined,
  }
  await installation.start()
  await eventually(
    async () => (await readFile(gitea.operator, environments, branch, 'apps/mayfly.yml')) !== undefined,
    { withinMs: 30_000 },
  )
  for (const file of roots[kind])
    await cluster.client.apply(await rootText(file, gitea.url, { shop, environments }))
  return installation
}

/** The starter that it uses. */
export const templates: Readonly<Record<AgentKind, string>> = {
  argocd: 'argocd-directory.yaml.hbs',
  flux: 'flux-kustomization.yaml.hbs',
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

function configOf(
  { kind, gitea, cluster, kubeconfig, sweepEvery = '1m', more = '' }: InstallationOptions,
  at: {
    readonly application: string
    readonly shop: string
    readonly environments: string
    readonly port: number
  },
): string {
  const template = templates[kind]
  const values =
    kind === 'argocd'
      ? '{ project: previews }'
      : `{ overlay: ./deploy, gitSecret: ${fluxGiteaSecret}, serviceAccount: previews }`
  return `server: { host: 127.0.0.1, port: ${at.port} }
forges:
  - name: gitea
    kind: gitea
    url: ${gitea.url}
    token: ${gitea.bot.token}
    webhookSecret: ${webhookSecret}
environmentRepository:
  url: ${gitea.url}/${at.environments}.git
  token: ${gitea.bot.token}
  createBranch: true
  pushes: { perMinute: 6000, burst: 100 }
agent: { kind: ${kind}, kubeconfig: ${kubeconfig ?? cluster.kubeconfig} }
sweep: { every: ${sweepEvery} }
policy: { projects: [previews] }
applications:
  - name: ${at.application}
    forge: gitea
    repository: ${at.shop}
    template: ${template}
    url: https://{{name}}.preview.acme.dev
    values: ${values}
    ${more}
`
}
