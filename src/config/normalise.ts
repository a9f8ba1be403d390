import type { Application } from '../preview/application.ts'
import type {
  AgentConfig,
  Config,
  ReportConfig,
  ForgeConfig,
  EnvironmentRepositoryConfig,
  RegistryConfig,
} from './config.ts'
import { parseDuration } from './duration.ts'
import type { ConfigDocument } from './schema.ts'
import { secret } from './secret.ts'
import { trimmedUrl } from './url.ts'
import { forgeKinds } from '../forge/kinds.ts'
import { parseGitUrl } from './git-url.ts'

const units = { B: 1, KiB: 1024, MiB: 1024 ** 2 } as const

/** The checked file in the words of the program. `document` broke no rule. */
export function normalise(document: ConfigDocument): Config {
  return {
    instance: document.instance,
    server: normaliseServer(document.server),
    queue: {
      redis: document.queue.redis === undefined ? null : secret(document.queue.redis),
      prefix: document.queue.prefix,
      concurrency: Number(document.queue.concurrency),
    },
    forges: document.forges.map(normaliseForge),
    environmentRepository: normaliseEnvironmentRepository(document.environmentRepository),
    agent: normaliseAgent(document.agent),
    sweep: { everyMs: parseDuration(document.sweep.every) ?? 0 },
    report: normaliseReport(document.report),
    names: { namespacePrefix: document.names.namespacePrefix, budget: Number(document.names.budget) },
    policy: normalisePolicy(document.policy),
    limits: normaliseLimits(document.limits),
    removalsWhilePaused: isTrue(document.removalsWhilePaused),
    commands: normaliseCommands(document),
    registries: document.registries.map(normaliseRegistry),
    dockerConfig: document.dockerConfig ?? null,
    applications: document.applications.map(normaliseApplication),
  }
}

function normalisePolicy({ untrusted, ...policy }: ConfigDocument['policy']): Config['policy'] {
  const plain = { ...policy, projects: policy.projects ?? null }
  const { kinds, projects, repositories, destinations } = { ...untrusted }
  return {
    ...plain,
    untrusted: {
      kinds: kinds ?? plain.kinds,
      projects: projects ?? plain.projects,
      repositories: repositories ?? plain.repositories,
      destinations: destinations ?? plain.destinations,
    },
  }
}

function normaliseLimits({
  total,
  perApplication,
  perAuthor,
  perRepository,
  whenFull,
}: ConfigDocument['limits']): Config['limits'] {
  const most = (value: number | string | undefined) => (value === undefined ? null : Number(value))
  return {
    total: most(total),
    perApplication: most(perApplication),
    perAuthor: most(perAuthor),
    perRepository: most(perRepository),
    whenFull,
  }
}

/** Approvals are commands: who wants the one has the other. */
function normaliseCommands({ commands, applications }: ConfigDocument): Config['commands'] {
  const isNeeded = applications.some(({ when }) => when.forks === 'approved' || when.authors !== 'any')
  if (commands === undefined && !isNeeded) return null
  return { prefix: '/preview', allow: [], ...commands }
}

function normaliseRegistry(registry: ConfigDocument['registries'][number]): RegistryConfig {
  return {
    host: registry.host,
    username: registry.username ?? null,
    password: registry.password === undefined ? null : secret(registry.password),
    realms: registry.realms,
    plainHttp: isTrue(registry.plainHttp),
  }
}

function normaliseServer(server: ConfigDocument['server']): Config['server'] {
  return {
    host: server.host,
    port: Number(server.port),
    publicUrl: server.publicUrl === undefined ? null : trimmedUrl(server.publicUrl),
    maxBody: parseSize(String(server.maxBody)) ?? 0,
    metricsPort: server.metricsPort === undefined ? null : Number(server.metricsPort),
    auth: {
      tokens: server.auth.tokens.map(secret),
      oidc: server.auth.oidc.map((entry) => ({ ...entry, issuer: trimmedUrl(entry.issuer) })),
    },
  }
}

function normaliseAgent({
  kind,
  namespace,
  rootApplication,
  kubeconfig,
  context,
}: ConfigDocument['agent']): AgentConfig {
  if (kind === 'none') return { kind }
  const home = kind === 'argocd' ? 'argocd' : 'flux-system'
  return { kind, namespace: namespace ?? home, rootApplication, kubeconfig, context: context ?? null }
}

function normaliseReport({ comment, status, details }: ConfigDocument['report']): ReportConfig {
  return {
    comment: typeof comment === 'boolean' ? onOff(comment) : comment,
    status: onOff(status),
    details: details ?? null,
  }
}

function onOff(value: 'on' | 'off' | boolean): 'on' | 'off' {
  return value === true || value === 'on' ? 'on' : 'off'
}

function isTrue(value: boolean | string): boolean {
  return String(value) === 'true'
}

type ApplicationDocument = ConfigDocument['applications'][number]

function normaliseProbe(probe: ApplicationDocument['probe']): Application['probe'] {
  if (probe === undefined) return null
  const [least, most] = probe.status.map(Number)
  return {
    path: probe.path,
    status: { least: least ?? 200, most: most ?? 399 },
    timeoutMs: parseDuration(probe.timeout) ?? 0,
  }
}

function normaliseGate(gate: ApplicationDocument['gate']): Application['gate'] {
  if (gate === undefined) return null
  const { checks, image, timeout, pin } = gate
  return { checks, image: isTrue(image), timeoutMs: parseDuration(timeout) ?? 0, pin: isTrue(pin) }
}

function normaliseApplication(application: ApplicationDocument): Application {
  const { when } = application
  return {
    name: application.name,
    forge: application.forge,
    repository: String(application.repository),
    repositoryId: application.repositoryId === undefined ? null : String(application.repositoryId),
    template: application.template,
    templateUntrusted: application.templateUntrusted ?? null,
    url: application.url ?? null,
    image: application.image ?? null,
    values: application.values,
    shownValues: {},
    when: {
      labels: when.labels,
      targetBranches: when.targetBranches,
      paths: when.paths,
      drafts: isTrue(when.drafts),
      bots: isTrue(when.bots),
      branches: when.branches,
      titles: when.titles,
      forks: when.forks,
      authors: when.authors === 'any' ? 'any' : 'writers',
      allow: when.allow,
      deny: when.deny,
    },
    gate: normaliseGate(application.gate),
    probe: normaliseProbe(application.probe),
  }
}

type ForgeDocument = ConfigDocument['forges'][number]

function normaliseForge(forge: ForgeDocument): ForgeConfig {
  const url = trimmedUrl(forge.url)
  const secrets = typeof forge.webhookSecret === 'string' ? [forge.webhookSecret] : forge.webhookSecret
  return {
    name: forge.name,
    kind: forge.kind,
    url,
    api: forge.api === undefined ? forgeKinds[forge.kind].apiOf(url) : trimmedUrl(forge.api),
    token: forge.token === undefined ? null : secret(forge.token),
    app: forge.app === undefined ? null : normaliseApp(forge.app),
    webhookSecrets: secrets.map(secret),
  }
}

/** A key that came through an environment variable often has its line breaks written out. */
function normaliseApp({ id, privateKey }: NonNullable<ForgeDocument['app']>): ForgeConfig['app'] {
  const key = privateKey.includes('\n') ? privateKey : privateKey.replaceAll('\\n', '\n')
  return { id: String(id), privateKey: secret(key) }
}

/** `512KiB`, `1MiB` or a plain number of bytes, in bytes; undefined when `text` is none of that kind. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit = 'B'] = /^([1-9][0-9]{0,9})(B|KiB|MiB)?$/.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits) * units[unit as keyof typeof units]
}

type RepositoryDocument = ConfigDocument['environmentRepository']

function normaliseEnvironmentRepository(repository: RepositoryDocument): EnvironmentRepositoryConfig {
  const url = repository.url.replace(/\/+$/, '')
  return {
    url,
    branch: repository.branch,
    directory: withoutSlash(repository.directory),
    layout: repository.layout,
    templates: withoutSlash(repository.templates),
    token: repository.token === undefined ? null : secret(repository.token),
    username: repository.username,
    sshKey: repository.sshKey ?? null,
    createBranch: isTrue(repository.createBranch),
    committer: normaliseCommitter(repository.committer),
    author: repository.author,
    pushes: {
      perMinute: Number(repository.pushes.perMinute ?? pushesOf(url)),
      burst: Number(repository.pushes.burst),
    },
  }
}

/** GitHub recommends at most six pushes a minute to one repository. */
function pushesOf(url: string): number {
  return parseGitUrl(url)?.host === 'github.com' ? 6 : 60
}

function withoutSlash(directory: string): string {
  return directory.replace(/\/+$/, '')
}

function normaliseCommitter(text: string): EnvironmentRepositoryConfig['committer'] {
  const [, name = '', email = ''] = /^(.*) <(.*)>$/.exec(text) ?? []
  return { name: name.trim(), email }
}
