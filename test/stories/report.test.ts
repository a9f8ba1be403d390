import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type FaultyForge, type ProxiedRequest, startFaultyForge } from '../support/faulty-forge.ts'
import { plainTemplate } from '../support/harness.ts'
import { createWorld, repository, type World } from '../support/world.ts'

describe('what people are told', () => {
  let world: World

  afterEach(() => world.close())

  it('law 9: a manifest that breaks the policy is never committed; the one before stays and the comment says why', async () => {
    world = await createWorld()
    const number = world.open('cart')
    await world.says(number, 'Deploying')
    const before = await world.branch.file('apps/shop-1-cart.yml')
    const secret = `${plainTemplate}---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: leak\n  namespace: {{namespace}}\n`
    await world.branch.commitForeign({ 'templates/preview.yaml.hbs': secret })
    world.forge.actions.push(repository, number)
    await world.says(number, 'Refused', 'Secret', 'What stood before stays as it was')
    expect(await world.branch.file('apps/shop-1-cart.yml')).toBe(before)
    await eventually(() => {
      expect(world.forge.state.repositories[0]?.statuses.at(-1)).toMatchObject({ state: 'failure' })
    })
    await world.branch.commitForeign({ 'templates/preview.yaml.hbs': plainTemplate })
    const sha = world.forge.actions.push(repository, number)
    await world.says(number, 'Deploying', sha.slice(0, 7))
  })

  it('a template that is missing or wrong is named with its line and the nearest name', async () => {
    world = await createWorld({ template: plainTemplate.replace('{{branch}}', '{{brunch}}') })
    const number = world.open('cart')
    await world.says(number, 'Refused', 'brunch', 'branch', 'preview.yaml.hbs')
    await world.branch.commitForeign({ 'templates/preview.yaml.hbs': null })
    world.forge.actions.push(repository, number)
    await world.says(number, 'Refused', 'there is no template')
    await world.manifests([])
    world.forge.actions.setState(repository, number, 'closed')
    await world.says(number, 'Removed', 'the merge request was closed')
  })

  it('law 12: after a push nothing in the comment claims the newest commit before it is written', async () => {
    world = await createWorld()
    const number = world.open('cart')
    const first = world.pull(number).commits[0] ?? ''
    const comment = await world.says(number, 'Deploying', first.slice(0, 7))
    world.gitGuard = () => ({ kind: 'refuse', status: 503, body: 'down' })
    const second = world.forge.actions.push(repository, number)
    const waiting = await world.says(number, 'Waiting')
    expect(comment).not.toContain(second.slice(0, 7))
    expect(waiting.split('\n').find((line) => line.includes('Waiting'))).not.toContain('https://')
    world.gitGuard = () => ({ kind: 'serve' })
    await world.says(number, 'Deploying', second.slice(0, 7))
  })

  it('a comment that a person deleted is written again once, and then left deleted', async () => {
    world = await createWorld()
    const number = world.open('cart')
    await world.says(number, 'Deploying')
    const remove = () => {
      for (const { id } of world.pull(number).comments)
        world.forge.actions.deleteComment(repository, id, world.dev)
    }
    remove()
    await world.says(number, world.forge.actions.push(repository, number).slice(0, 7))
    remove()
    const sha = world.forge.actions.push(repository, number)
    await eventually(async () => {
      expect(await world.branch.file('apps/shop-1-cart.yml')).toContain(sha)
    })
    const marker = world.open('marker')
    await world.says(marker, 'Deploying')
    expect(world.comments(number)).toEqual([])
  })

  it('law 2: a process that ends between a removal and its comment owes it, and the next start says it', async () => {
    let proxy: FaultyForge | null = null
    world = await createWorld({
      through: async (url) => {
        proxy = await startFaultyForge(url)
        return proxy.url
      },
    })
    const forge = proxy as FaultyForge | null
    try {
      const number = world.open('cart')
      await world.says(number, 'Deploying')
      forge?.break({ fault: '503', when: ({ path }) => path.includes('/comments') })
      world.forge.actions.setState(repository, number, 'merged')
      await world.manifests([])
      await world.mayfly().close(100)
      forge?.heal()
      expect(world.comments(number)[0]).toContain('Deploying')
      await world.start()
      await world.says(number, 'Removed', 'the merge request was merged')
    } finally {
      await forge?.close()
    }
  })

  it('law 11: a forge that asks for silence about comments delays no manifest, and hears them later', async () => {
    let proxy: FaultyForge | null = null
    world = await createWorld({
      through: async (url) => {
        proxy = await startFaultyForge(url)
        return proxy.url
      },
    })
    const forge = proxy as FaultyForge | null
    try {
      const isReport = ({ path }: ProxiedRequest) => /\/(comments|statuses)$/.test(path)
      // Without a time: a minute of silence, longer than all that follows.
      forge?.break({ fault: '429', when: isReport })
      const numbers = ['cart', 'login', 'search'].map((branch) => world.open(branch))
      await world.manifests(['shop-1-cart.yml', 'shop-2-login.yml', 'shop-3-search.yml'])
      const sha = world.forge.actions.push(repository, numbers[0] ?? 0)
      await eventually(async () => {
        expect(await world.branch.file('apps/shop-1-cart.yml')).toContain(sha)
      })
      expect(numbers.flatMap((number) => world.comments(number))).toEqual([])
      expect(forge?.requests.filter(isReport)).toHaveLength(1)
      await world.mayfly().close(100)
      forge?.heal()
      await world.start()
      for (const number of numbers) await world.says(number, 'Deploying')
    } finally {
      await forge?.close()
    }
  })

  it('a locked conversation is not an error of the preview', async () => {
    world = await createWorld()
    const number = world.open('cart')
    world.pull(number).locked = true
    await world.manifests(['shop-1-cart.yml'])
    await eventually(() => {
      expect(world.forge.state.repositories[0]?.statuses.at(-1)).toMatchObject({ state: 'pending' })
    })
    expect(world.log.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('several applications on one repository: several files, one comment, a status each', async () => {
    world = await createWorld({
      config: `  - name: docs
    forge: gitea
    repository: ${repository}
    template: preview.yaml.hbs
    url: https://{{name}}.docs.acme.dev`,
    })
    const number = world.open('cart')
    await world.manifests(['docs-1-cart.yml', 'shop-1-cart.yml'])
    await world.says(number, '2 of 2 previews', 'docs-1-cart.docs.acme.dev', 'shop-1-cart.preview.acme.dev')
    await eventually(() => {
      const contexts = world.forge.state.repositories[0]?.statuses.map(({ context }) => context).toSorted()
      expect(contexts).toEqual(['mayfly/docs', 'mayfly/shop'])
    })
    world.forge.actions.setState(repository, number, 'merged')
    await world.manifests([])
    await world.says(number, 'Removed', '2 of 2 previews')
  })

  it('hostile branch, title and labels: the manifest keeps its shape and the comment its words', async () => {
    world = await createWorld()
    const number = world.forge.actions.openMergeRequest(repository, {
      branch: 'a: b\n---\nkind: Secret',
      title: '"}\n---\n@everyone #1 <img src=x>',
      author: world.dev,
      labels: ['`', '---'],
    }).number
    const comment = await world.says(number, 'Deploying')
    expect(comment).not.toMatch(/@everyone|#1|<img/)
    const manifest = await world.branch.file('apps/shop-1-a-b-kind-secret.yml')
    expect(manifest.match(/^kind: /gm)).toHaveLength(2)
  })
})
