import { afterEach, describe, expect, it } from 'vitest'
import type { SandboxFile } from '../../src/sandbox/forge/state.ts'
import { eventually } from '../support/eventually.ts'
import type { Fault } from '../support/faults.ts'
import { type FaultyForge, type ProxiedRequest, startFaultyForge } from '../support/faulty-forge.ts'
import { plainTemplate } from '../support/harness.ts'
import { createWorld, repository, type World } from '../support/world.ts'

/** One repository, three applications: `shop` is made of web/, `api` of api/, `docs` of docs/ and every README. */
const config = `  - name: api
    forge: gitea
    repository: ${repository}
    template: api.yaml.hbs
    url: https://{{name}}.preview.acme.dev
    when: { paths: ['api/**'] }
  - name: docs
    forge: gitea
    repository: ${repository}
    template: preview.yaml.hbs
    url: https://{{name}}.preview.acme.dev
    when: { paths: ['docs/**', '**/README.md'] }`

describe('a repository with several applications', () => {
  let world: World
  let proxy: FaultyForge | null = null

  afterEach(async () => {
    proxy?.heal()
    await world.close()
    await proxy?.close()
    proxy = null
  })

  async function begin({ shop = "paths: ['web/**']" } = {}): Promise<void> {
    world = await createWorld({
      application: `when: { ${shop} }`,
      config,
      autostart: false,
      through: async (url) => {
        proxy = await startFaultyForge(url)
        return proxy.url
      },
    })
    await world.branch.commitForeign({ 'templates/api.yaml.hbs': plainTemplate })
    await world.start()
  }

  function forge(): FaultyForge {
    if (proxy === null) throw new Error('no proxy')
    return proxy
  }

  function open(...paths: readonly string[]): number {
    const wish = { branch: 'cart', author: world.dev, files: filesOf(paths) }
    return world.forge.actions.openMergeRequest(repository, wish).number
  }

  /** The next commit changes these. */
  function push(number: number, ...paths: readonly string[]): string {
    world.pull(number).files = filesOf(paths)
    return world.forge.actions.push(repository, number)
  }

  function contexts(sha: string | undefined): readonly string[] {
    const statuses = world.forge.state.repositories[0]?.statuses ?? []
    return statuses.flatMap((status) => (status.sha === sha ? [status.context] : [])).toSorted()
  }

  async function removals(): Promise<readonly string[]> {
    return (await world.branch.commits()).flatMap(({ touched }) =>
      touched.filter((change) => change.startsWith('D')),
    )
  }

  it('gives a merge request the previews that it touches, and no other: one file, one comment, one status', async () => {
    await begin()
    const number = open('web/src/cart.ts', 'package.json')
    await world.manifests(['shop-1-cart.yml'])
    const comment = await world.says(number, 'Deploying: https://shop-1-cart.preview.acme.dev')
    expect(comment).not.toMatch(/api|docs/)
    await eventually(() => {
      expect(contexts(world.pull(number).commits[0])).toEqual(['mayfly/shop'])
    })
    expect(forge().requests.filter(asksForFiles)).toHaveLength(1)
  })

  it('tables several previews in the one comment, with a status each', async () => {
    await begin()
    const number = open('web/src/cart.ts', 'api/README.md')
    await world.manifests(['api-1-cart.yml', 'docs-1-cart.yml', 'shop-1-cart.yml'])
    const comment = await world.says(number, 'Deploying: 3 of 3 previews', '| Since (UTC) |')
    expect(rowsOf(comment)).toEqual(['api', 'docs', 'shop'])
    expect(comment).toContain('[docs-1-cart.preview.acme.dev](https://docs-1-cart.preview.acme.dev)')
    await eventually(() => {
      expect(contexts(world.pull(number).commits[0])).toEqual(['mayfly/api', 'mayfly/docs', 'mayfly/shop'])
    })
  })

  it('counts a file that was moved away under its former name too', async () => {
    await begin()
    const files = [{ path: 'web/a.ts', previousPath: 'api/a.ts' }]
    world.forge.actions.openMergeRequest(repository, { branch: 'cart', author: world.dev, files })
    await world.manifests(['api-1-cart.yml', 'shop-1-cart.yml'])
  })

  it('adds a preview when a push touches it, and removes it when a push no longer does', async () => {
    await begin()
    const number = open('web/a.ts')
    await world.manifests(['shop-1-cart.yml'])
    push(number, 'web/a.ts', 'docs/index.md')
    await world.manifests(['docs-1-cart.yml', 'shop-1-cart.yml'])
    await world.says(number, 'Deploying: 2 of 2 previews')
    const sha = push(number, 'web/a.ts')
    await world.manifests(['shop-1-cart.yml'])
    const comment = await world.says(number, 'it changes none of', 'Deploying: https://shop-1-cart')
    expect(rowsOf(comment)).toEqual(['docs', 'shop'])
    expect((await world.branch.commits()).map(({ subject }) => subject)).toContain(
      'preview docs-1-cart: remove: not-eligible',
    )
    await eventually(() => {
      expect(contexts(sha)).toEqual(['mayfly/shop'])
    })
  })

  it('says nothing on a merge request that touches none of them', async () => {
    await begin()
    const number = open('.github/CODEOWNERS')
    const other = open('web/a.ts')
    await world.says(other, 'Deploying')
    await world.manifests(['shop-2-cart.yml'])
    expect(world.comments(number)).toEqual([])
    expect(contexts(world.pull(number).commits[0])).toEqual([])
  })

  it('ends in one line when all of them are gone', async () => {
    await begin()
    const number = open('web/a.ts', 'api/a.ts')
    await world.manifests(['api-1-cart.yml', 'shop-1-cart.yml'])
    await world.says(number, '2 of 2 previews')
    world.forge.actions.setState(repository, number, 'merged')
    await world.manifests([])
    const comment = await world.says(number, 'Removed: 2 of 2 previews, the merge request was merged')
    expect(comment.split('\n').filter((line) => line !== '' && !line.startsWith('<!--'))).toHaveLength(1)
  })

  it('law 11: a refused application does not hold up the others', async () => {
    await begin()
    const secret = `${plainTemplate}---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: leak\n  namespace: {{namespace}}\n`
    await world.branch.commitForeign({ 'templates/api.yaml.hbs': secret })
    const number = open('web/a.ts', 'api/a.ts')
    await world.manifests(['shop-1-cart.yml'])
    const comment = await world.says(number, 'Refused: 1 of 2 previews', '`api`', 'Secret')
    expect(rowsOf(comment)).toEqual(['api', 'shop'])
    const sha = push(number, 'web/a.ts', 'api/a.ts')
    await eventually(async () => {
      expect(await world.branch.file('apps/shop-1-cart.yml')).toContain(sha)
    })
    expect(world.log.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it.each([
    ['500', 'Waiting'],
    ['empty list with 200', 'Waiting'],
    ['empty object with 200', 'Waiting'],
    ['truncated JSON', 'Waiting'],
    ['lost items', 'Waiting'],
    ['no count', 'Waiting'],
    ['count of another list', 'Waiting'],
    ['429', 'Waiting'],
    ['403', 'Failed'],
    ['404', 'Failed'],
  ] as const)(
    'laws 3, 4 and 11: a list of files that is %s removes nothing, and holds up only who needs it',
    { timeout: 60_000 },
    async (fault: Fault, word) => {
      await begin({ shop: 'labels: {}' })
      const number = open('api/a.ts', 'docs/b.md')
      await world.manifests(['api-1-cart.yml', 'docs-1-cart.yml', 'shop-1-cart.yml'])
      await world.says(number, '3 of 3 previews')
      const before = await world.branch.file('apps/api-1-cart.yml')
      forge().break({ fault, when: asksForFiles })
      const sha = push(number, 'docs/b.md', 'docs/c.md')
      const comment = await world.says(number, `${word}: 2 of 3 previews`, sha.slice(0, 7))
      expect(rowsOf(comment)).toEqual(['api', 'docs', 'shop'])
      await eventually(async () => {
        expect(await world.branch.file('apps/shop-1-cart.yml')).toContain(sha)
      })
      expect(await world.branch.file('apps/api-1-cart.yml')).toBe(before)
      await world.manifests(['api-1-cart.yml', 'docs-1-cart.yml', 'shop-1-cart.yml'])
      expect(await removals()).toEqual([])
      forge().heal()
      const healed = push(number, 'docs/b.md', 'docs/c.md')
      await world.manifests(['docs-1-cart.yml', 'shop-1-cart.yml'])
      await world.says(number, 'Deploying: 2 of 2 previews', healed.slice(0, 7), 'it changes none of')
      expect(await removals()).toEqual(['D apps/api-1-cart.yml'])
    },
  )

  it('law 4: more files than can be listed keep what stands, and the comment says how many there are', async () => {
    await begin()
    const number = open('web/a.ts')
    await world.manifests(['shop-1-cart.yml'])
    push(number, ...Array.from({ length: 3001 }, (_, index) => `docs/${index}.md`))
    await world.says(number, 'Failed', 'changes', '3001 files')
    await world.manifests(['shop-1-cart.yml'])
    const late = open(...Array.from({ length: 3001 }, (_, index) => `docs/${index}.md`))
    await world.says(late, 'Failed: 3 of 3 previews', '3001 files')
    push(late, 'package.json')
    const comment = await world.says(late, 'Removed: `api`: it changes none of')
    expect(comment.split('\n').filter((line) => line !== '' && !line.startsWith('<!--'))).toHaveLength(1)
    expect(await removals()).toEqual([])
  })

  it('law 3: a push right before a removal calls it off', async () => {
    await begin()
    const number = open('web/a.ts')
    await world.manifests(['shop-1-cart.yml'])
    await world.says(number, 'Deploying')
    // Read, counted, and read once more before the push to the branch.
    const reads: ProxiedRequest[] = []
    let sha = ''
    forge().meanwhile(
      (request) => reads.length < 3 && isRead(request) && reads.push(request) === 3,
      () => {
        sha = push(number, 'web/b.ts')
      },
    )
    push(number, 'package.json')
    await eventually(async () => {
      expect(sha).not.toBe('')
      expect(await world.branch.file('apps/shop-1-cart.yml')).toContain(sha)
    })
    expect(await removals()).toEqual([])
  })

  it('asks for no files of a fork, of a closed merge request, or for an application without paths', async () => {
    await begin({ shop: 'bots: true' })
    const wish = { author: world.dev, files: filesOf(['api/a.ts']) }
    const fork = world.forge.actions.openMergeRequest(repository, {
      ...wish,
      branch: 'theirs',
      source: 'fork',
    })
    await world.says(fork.number, 'Refused', 'comes from a fork')
    world.forge.actions.setState(repository, fork.number, 'closed')
    await world.says(fork.number, 'Removed')
    expect(forge().requests.filter(asksForFiles)).toEqual([])
  })
})

function filesOf(paths: readonly string[]): readonly SandboxFile[] {
  return paths.map((path) => ({ path, previousPath: null }))
}

function asksForFiles({ path }: ProxiedRequest): boolean {
  return path.endsWith('/files')
}

function isRead({ method, path }: ProxiedRequest): boolean {
  return method === 'GET' && path.endsWith('/pulls/1')
}

/** The applications that have a row in the table. */
function rowsOf(comment: string): readonly string[] {
  return [...comment.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, application = '']) => application)
}
