import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { contract, environment } from './contract.ts'
import { errorOf, fileWith, load } from './given.ts'

describe('a good file', () => {
  it('takes the example of the public contract as it stands', () => {
    const { config, warnings } = load(contract, environment)
    expect(warnings).toEqual([])
    expect(config).toMatchObject({
      instance: 'default',
      server: { host: '0.0.0.0', port: 8080, publicUrl: 'https://mayfly.acme.dev', maxBody: 4_194_304 },
      queue: { prefix: 'mayfly', concurrency: 256 },
      forges: [
        {
          name: 'github',
          kind: 'github',
          url: 'https://github.com',
          api: 'https://api.github.com',
          app: null,
        },
      ],
      environmentRepository: {
        url: 'https://github.com/acme/environments.git',
        branch: 'dynamic-envs',
        directory: 'apps',
        templates: 'templates',
        pushes: { perMinute: 6, burst: 10 },
      },
      agent: {
        kind: 'argocd',
        namespace: 'argocd',
        rootApplication: 'previews',
        kubeconfig: 'in-cluster',
        context: null,
      },
      sweep: { everyMs: 600_000 },
    })
    expect(config.applications).toEqual([
      {
        name: 'shop',
        forge: 'github',
        repository: 'acme/shop',
        repositoryId: null,
        template: 'preview.yaml.hbs',
        templateUntrusted: null,
        url: 'https://{{name}}.preview.acme.dev',
        image: null,
        values: { project: 'previews' },
        shownValues: { project: 'previews' },
        when: {
          labels: { any: [], all: [], none: [] },
          targetBranches: [],
          paths: [],
          drafts: true,
          bots: true,
          branches: [],
          titles: [],
          forks: 'never',
          authors: 'any',
          allow: [],
          deny: [],
        },
        gate: null,
        probe: null,
      },
    ])
    expect(config.queue.redis?.reveal()).toBe(environment.REDIS_URL)
    expect(config.forges[0]?.token?.reveal()).toBe(environment.GITHUB_TOKEN)
    expect(config.forges[0]?.webhookSecrets.map((one) => one.reveal())).toEqual([
      environment.GITHUB_WEBHOOK_SECRET,
    ])
  })

  it('needs forges, environmentRepository and applications only', () => {
    const { config } = load(fileWith([], undefined))
    expect(config).toMatchObject({
      server: { host: '0.0.0.0', port: 8080, publicUrl: null, metricsPort: null },
      queue: { redis: null },
      environmentRepository: {
        token: null,
        sshKey: null,
        createBranch: false,
        committer: { name: 'Mayfly', email: 'mayfly@localhost' },
      },
      agent: { kind: 'none' },
      report: { comment: 'on', status: 'on' },
      names: { namespacePrefix: 'preview-', budget: 53 },
      policy: {
        projects: null,
        repositories: [],
        destinations: ['https://kubernetes.default.svc', 'in-cluster'],
      },
    })
    expect(config.policy.kinds).toHaveLength(14)
  })

  it('takes a key without a value as left out', () => {
    const { config } = load(`${fileWith([], undefined).slice(0, -1)}, "queue": , "sweep": { "every": }}`)
    expect(config.queue.redis).toBeNull()
    expect(config.sweep.everyMs).toBe(600_000)
  })

  it('is frozen to the bottom', () => {
    const { config } = load(contract, environment)
    expect(unfrozen(config)).toEqual([])
  })
})

describe('law 10: no secret shows', () => {
  const secrets = Object.values(environment)

  it('in the configuration, however it is printed', () => {
    const { config } = load(contract, environment)
    const prints = [
      String(config.forges[0]?.token),
      config.queue.redis?.toString(),
      JSON.stringify(config),
      inspect(config, { depth: null, showHidden: true, getters: true }),
      inspect(config, { depth: null, customInspect: false }),
      cloned(config),
    ]
    for (const print of prints) for (const secret of secrets) expect(print).not.toContain(secret)
    expect(JSON.stringify(config.forges[0]?.token)).toBe('"[secret]"')
  })

  it('in a report, wherever a variable stands', () => {
    const canaries = ['canary!x:with{', 'canary', 'https://canary.acme.dev', 'https://x:canary@acme.dev']
    const places = [
      ['server', 'port'],
      ['server', 'publicUrl'],
      ['queue', 'redis'],
      ['forges', 0, 'name'],
      ['forges', 0, 'kind'],
      ['forges', 0, 'url'],
      ['forges', 0, 'webhookSecret'],
      ['environmentRepository', 'url'],
      ['environmentRepository', 'branch'],
      ['environmentRepository', 'directory'],
      ['environmentRepository', 'committer'],
      ['agent', 'kind'],
      ['sweep', 'every'],
      ['report', 'comment'],
      ['names', 'namespacePrefix'],
      ['applications', 0, 'name'],
      ['applications', 0, 'forge'],
      ['applications', 0, 'repository'],
      ['applications', 0, 'template'],
      ['applications', 0, 'url'],
      ['applications', 0, 'image'],
    ]
    for (const place of places)
      for (const CANARY of canaries) {
        const text = `${fileWith(place, '${CANARY}').slice(0, -1)}, "mistake": 1}`
        const error = errorOf(text, { CANARY })
        const prints = [error.stack, JSON.stringify(error), inspect(error, { depth: null })]
        expect(prints.join('\n'), place.join('.')).not.toContain('canary')
      }
  })

  it('in a report, when it is written into the file itself', () => {
    const texts = [
      fileWith(['forges', 0, 'webhookSecret'], 'canary-short'),
      fileWith(['forges', 0, 'webhookSecret'], ['canary-short']),
      fileWith(['forges', 0, 'token'], ' canary-blank'),
      fileWith(['queue', 'redis'], 'canary-redis'),
      fileWith(['environmentRepository', 'url'], 'https://x:canary-password@github.com/acme/e.git'),
      fileWith(['environmentRepository', 'url'], 'gopher://x:canary-password@github.com/acme/e.git'),
      fileWith(['forges', 0, 'url'], 'https://canary-user@github.com'),
      `forges:\n  - token: "canary-unclosed\n`,
      `forges:\n  - token: !canary-tag x\n    a: b: canary\n`,
    ]
    for (const text of texts) expect(inspect(errorOf(text), { depth: null })).not.toContain('canary')
  })
})

function unfrozen(value: unknown, path = 'config'): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.entries(value).flatMap(([key, part]) => unfrozen(part, `${path}.${key}`))
  return Object.isFrozen(value) ? inner : [path, ...inner]
}

/** A wrapped secret refuses to be cloned, so it cannot travel to another thread or a queue. */
function cloned(value: unknown): string {
  try {
    return inspect(structuredClone(value), { depth: null })
  } catch (error) {
    return inspect(error)
  }
}
