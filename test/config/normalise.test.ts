import { describe, expect, it } from 'vitest'
import { parseDuration } from '../../src/config/duration.ts'
import { parseSize } from '../../src/config/normalise.ts'
import { fileWith, load } from './given.ts'

describe('normalising', () => {
  it.each([
    ['500ms', 500],
    ['2s', 2_000],
    ['30m', 1_800_000],
    ['72h', 259_200_000],
    ['7d', 604_800_000],
    ['10', undefined],
    ['1h30m', undefined],
    ['-1s', undefined],
    ['1 s', undefined],
  ])('reads the duration %s', (text, ms) => expect(parseDuration(text)).toBe(ms))

  it.each([
    ['1MiB', 1_048_576],
    ['512KiB', 524_288],
    ['100B', 100],
    ['100', 100],
    ['0', undefined],
    ['1MB', undefined],
  ])('reads the size %s', (text, bytes) => expect(parseSize(text)).toBe(bytes))

  it.each([
    ['github', 'https://github.com/', 'https://api.github.com'],
    ['github', 'https://git.acme.dev/', 'https://git.acme.dev/api/v3'],
    ['gitlab', 'https://gitlab.com', 'https://gitlab.com/api/v4'],
    ['gitea', 'https://acme.dev/git//', 'https://acme.dev/git/api/v1'],
    ['forgejo', 'http://localhost:3000', 'http://localhost:3000/api/v1'],
  ])('derives the API of %s at %s', (kind, url, api) => {
    const forge = { name: 'github', kind, url, token: 't', webhookSecret: 'sixteen-or-more-characters' }
    expect(load(fileWith(['forges', 0], forge)).config.forges[0]?.api).toBe(api)
  })

  it('fills in what is probed, in ms', () => {
    const shop = {
      name: 'shop',
      forge: 'github',
      repository: 'acme/shop',
      template: 'x.hbs',
      url: 'https://x',
    }
    const probeOf = (probe: object) =>
      load(fileWith(['applications', 0], { ...shop, probe })).config.applications[0]?.probe
    expect(probeOf({})).toEqual({ path: '/', status: { least: 200, most: 399 }, timeoutMs: 5_000 })
    expect(probeOf({ path: '/healthz', status: ['200', 204], timeout: '2s' })).toEqual({
      path: '/healthz',
      status: { least: 200, most: 204 },
      timeoutMs: 2_000,
    })
  })

  it('warns of directories that Flux would apply as one', () => {
    const warningsOf = (kind: string) =>
      load(
        JSON.stringify({
          ...(JSON.parse(fileWith(['environmentRepository', 'layout'], 'directories')) as object),
          agent: { kind },
        }),
      ).warnings.map(({ path }) => path)
    expect(warningsOf('flux')).toEqual(['environmentRepository.layout'])
    expect(warningsOf('argocd')).toEqual([])
  })

  it('lets `api` override', () => {
    const { config } = load(fileWith(['forges', 0, 'api'], 'https://proxy.acme.dev/github/'))
    expect(config.forges[0]?.api).toBe('https://proxy.acme.dev/github')
  })

  it.each([
    ['https://github.com/acme/e.git', 6],
    ['git@github.com:acme/e.git', 6],
    ['ssh://git@github.com/acme/e.git', 6],
    ['https://gitlab.com/acme/e.git/', 60],
    ['https://not-github.com/acme/e.git', 60],
    ['file:///srv/git/e.git', 60],
  ])('gives %s %i pushes a minute', (url, perMinute) => {
    const { environmentRepository } = load(fileWith(['environmentRepository', 'url'], url)).config
    expect(environmentRepository.pushes).toEqual({ perMinute, burst: 10 })
    expect(environmentRepository.url).toBe(url.replace(/\/$/, ''))
  })

  it('trims the slashes of directories', () => {
    const { environmentRepository } = load(
      fileWith(['environmentRepository', 'directory'], 'clusters/dev/apps/'),
    ).config
    expect(environmentRepository.directory).toBe('clusters/dev/apps')
  })

  it.each([
    [true, 'on'],
    ['on', 'on'],
    [false, 'off'],
    ['off', 'off'],
  ])('reads the switch %s', (written, meant) => {
    expect(load(fileWith(['report', 'comment'], written)).config.report.comment).toBe(meant)
    expect(load(fileWith(['report', 'status'], written)).config.report.status).toBe(meant)
  })

  it('knows where each agent lives', () => {
    const rest = { rootApplication: 'previews', kubeconfig: 'in-cluster', context: null }
    expect(load(fileWith(['agent'], { kind: 'argocd' })).config.agent).toEqual({
      kind: 'argocd',
      namespace: 'argocd',
      ...rest,
    })
    expect(load(fileWith(['agent'], { kind: 'flux' })).config.agent).toEqual({
      kind: 'flux',
      namespace: 'flux-system',
      ...rest,
    })
    expect(load(fileWith(['agent'], { kind: 'none' })).config.agent).toEqual({ kind: 'none' })
  })

  it('takes a cluster by the name of its context', () => {
    const agent = { kind: 'argocd', kubeconfig: '/etc/mayfly/kubeconfig', context: 'previews' }
    expect(load(fileWith(['agent'], agent)).config.agent).toMatchObject(agent)
  })

  it('takes a GitHub App, its key with written-out line breaks, and the number of a GitLab project', () => {
    const forge = {
      name: 'github',
      kind: 'github',
      url: 'https://github.com',
      webhookSecret: ['a'.repeat(16), 'b'.repeat(16)],
    }
    const app = { id: 12345, privateKey: '-----BEGIN-----\\nx\\n-----END-----' }
    const { forges } = load(fileWith(['forges', 0], { ...forge, app })).config
    expect(forges[0]?.app?.id).toBe('12345')
    expect(forges[0]?.app?.privateKey.reveal()).toBe('-----BEGIN-----\nx\n-----END-----')
    expect(forges[0]?.webhookSecrets).toHaveLength(2)
    const project = { name: 'shop', forge: 'lab', repository: 4711, template: 'x.hbs' }
    expect(load(fileWith(['applications', 0], project)).config.applications[0]?.repository).toBe('4711')
  })
})
