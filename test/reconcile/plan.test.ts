import { describe, expect, it } from 'vitest'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'
import { previewNames } from '../../src/preview/name.ts'
import { previewId } from '../../src/preview/preview-id.ts'
import { renderPreview } from '../../src/reconcile/render-preview.ts'
import { anApplication, everyone, shaB } from '../preview/fixtures.ts'
import { found, given, template } from './given.ts'

const repository = { id: '7', fullName: 'acme/shop', cloneUrl: 'https://git.acme.dev/acme/shop.git' }
const mine = 'apps/shop-142-cart.yml'

describe('what is planned', () => {
  it('law 6: a second pass commits nothing, and asks the server before it says so', async () => {
    const pass = given()
    expect(await pass.reconcile()).toEqual({ kind: 'settled' })
    const commits = pass.repository.commits.length
    const refreshes = pass.repository.refreshes()
    expect(await pass.reconcile()).toEqual({ kind: 'settled' })
    expect(pass.repository.commits).toHaveLength(commits)
    expect(pass.repository.refreshes()).toBe(refreshes + 1)
  })

  it('what somebody deleted on the server since is written again', async () => {
    const pass = given()
    await pass.reconcile()
    pass.repository.push([{ path: mine, content: null }])
    await pass.reconcile('sweep')
    expect(pass.repository.files()).toContain(mine)
  })

  it('what somebody put on the server since is removed too', async () => {
    const pass = given()
    pass.forge = found({ state: 'merged' })
    await pass.reconcile('sweep')
    const written = given()
    await written.reconcile()
    const content = written.repository.commits.at(-1)?.edits[0]?.content ?? ''
    pass.repository.push([{ path: mine, content }], `x\n\nMayfly-Preview: shop/142\n`)
    await pass.reconcile()
    expect(pass.repository.files()).not.toContain(mine)
  })

  it('a template that moved on the server gives another manifest', async () => {
    const pass = given()
    await pass.reconcile()
    const moved = template.replace('branch:', 'source:')
    pass.repository.push([{ path: 'templates/preview.yaml.hbs', content: moved }])
    await pass.reconcile('sweep')
    expect(pass.repository.commits.at(-1)?.edits[0]?.content).toContain('source:')
  })

  it('an object that another manifest took on the server since is not taken from it', async () => {
    const pass = given()
    await pass.reconcile()
    pass.repository.push([{ path: mine, content: null }])
    const theirs = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: preview-shop-142-cart\n'
    pass.repository.push([{ path: 'apps/theirs.yml', content: theirs }])
    expect(await pass.reconcile('sweep')).toMatchObject({
      kind: 'stalled',
      why: expect.stringContaining('apps/theirs.yml') as string,
    })
    expect(pass.repository.files()).not.toContain(mine)
  })

  it('a manifest is rendered anew when another one took an object of it meanwhile', async () => {
    const pass = given()
    await pass.reconcile()
    const theirs = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: preview-shop-142-cart\n'
    // Both stand on the server: ours as it was, and theirs, listed first.
    pass.repository.push([
      { path: mine, content: null },
      { path: 'apps/a-theirs.yml', content: theirs },
    ])
    pass.repository.push([{ path: mine, content: pass.repository.commits[2]?.edits[0]?.content ?? '' }])
    expect(await pass.reconcile('sweep')).toMatchObject({ kind: 'stalled' })
    expect(pass.records()).toMatchObject([{ state: 'refused' }])
  })

  it('each preview of a merge request has its own manifest', async () => {
    const pass = given([anApplication(), anApplication({ name: 'api' })])
    await pass.reconcile()
    expect(pass.repository.files()).toEqual(['apps/api-142-cart.yml', 'apps/mayfly.yml', mine])
    const messages = pass.repository.commits.slice(2).map(({ message }) => message)
    for (const name of ['api', 'shop'])
      expect(messages.filter((message) => message.includes(`Mayfly-Preview: ${name}/142\n`))).toHaveLength(1)
  })
})

describe('a manifest', () => {
  it('is rendered once a pass, and again only when something that it depends on moved on the server', async () => {
    const pass = given()
    await pass.reconcile()
    let renders = 0
    const ports = { ...pass.ports, projects: () => ((renders += 1), null) }
    const context = { settings: pass.settings, ports }
    const view = await pass.repository.view()
    const { mergeRequest } = found() as Extract<ReturnType<typeof found>, { kind: 'found' }>
    const [application = anApplication()] = pass.settings.applications
    const names = previewNames('shop', 142, 'cart', pass.settings.naming)
    const preview = {
      application,
      mergeRequest,
      names,
      path: mine,
      standing: view.manifestsOf(previewId('shop', 142)),
      pinned: {},
      approvedBy: null,
    }
    const first = await renderPreview(context, { ...preview, view }, null)
    pass.repository.push([{ path: 'apps/theirs.yml', content: 'kind: Theirs\n' }])
    expect(await renderPreview(context, { ...preview, view: await pass.repository.refresh() }, first)).toBe(
      first,
    )
    expect(renders).toBe(1)
    pass.repository.push([{ path: 'templates/preview.yaml.hbs', content: `${template}# moved\n` }])
    const moved = await renderPreview(context, { ...preview, view: await pass.repository.refresh() }, first)
    expect(renders).toBe(2)
    expect(moved.template).not.toBe(first.template)
  })
})

describe('law 3: nothing is removed', () => {
  it.each([
    ['when the forge does not answer', new RetryLater('502')],
    ['when the forge refuses us', new Stalled('the token may not')],
  ])('%s', async (_, error) => {
    const pass = given()
    await pass.reconcile()
    pass.forge = error
    await pass.reconcile().catch(() => undefined)
    expect(pass.repository.files()).toContain(mine)
  })

  it('when the second answer before the push says that it is open after all', async () => {
    const pass = given()
    await pass.reconcile()
    const before = pass.reads()
    pass.forge = (reads) => found({ state: reads === before + 1 ? 'closed' : 'open' })
    await expect(pass.reconcile()).rejects.toThrow('the merge request changed')
    expect(pass.reads()).toBe(before + 2)
    expect(pass.repository.files()).toContain(mine)
  })

  it('when its files cannot be listed', async () => {
    const pass = given([anApplication({ when: { ...everyone, paths: ['src/**'] } })])
    pass.files = ['src/main.ts']
    await pass.reconcile()
    pass.files = new RetryLater('a page is missing')
    await expect(pass.reconcile()).rejects.toThrow('a page is missing')
    expect(pass.repository.files()).toContain(mine)
    expect(pass.comment()).toContain('a page is missing')
  })

  it('when the answer is about another repository of that name', async () => {
    const pass = given()
    await pass.reconcile()
    pass.forge = { kind: 'gone', repository: { ...repository, id: '8' } }
    expect(await pass.reconcile()).toMatchObject({ kind: 'stalled' })
    expect(pass.repository.files()).toContain(mine)
  })
})

describe('the author of a commit', () => {
  it.each([
    ['merge-request', 'dev'],
    ['committer', 'Mayfly'],
  ] as const)('is %s as the configuration says', async (author, name) => {
    const pass = given([anApplication()], { author })
    pass.forge = found({
      author: { login: 'dev', name: 'dev', email: 'dev@noreply.git.acme.dev', bot: false },
    })
    await pass.reconcile()
    expect(pass.repository.commits.at(-1)?.author.name).toBe(name)
  })
})

describe('before a push', () => {
  it('an answer younger than a second is not asked for again, but always before a removal', async () => {
    const pass = given()
    await pass.reconcile()
    expect(pass.reads()).toBe(1)
    pass.forge = found({ state: 'merged' })
    await pass.reconcile()
    expect(pass.reads()).toBe(3)
    expect(pass.repository.files()).not.toContain(mine)
  })

  it('the answer of before is asked for again once it is a second old', async () => {
    const pass = given()
    const change = pass.repository.change
    pass.repository.change = async (wanted) => {
      await pass.clock.advance(1_000)
      return change(wanted)
    }
    pass.forge = (reads) => found(reads === 1 ? {} : { sha: shaB })
    await expect(pass.reconcile()).rejects.toThrow(RetryLater)
    expect(pass.repository.files()).not.toContain(mine)
  })

  it('files are listed once for all applications, and only where paths decide', async () => {
    const when = { ...everyone, paths: ['src/**'] }
    const pass = given([
      anApplication({ when }),
      anApplication({ name: 'api', when }),
      anApplication({ name: 'all' }),
    ])
    pass.files = ['src/main.ts']
    await pass.reconcile()
    expect(pass.filesListed()).toBe(1)
    pass.forge = found({ draft: true, state: 'closed' })
    await pass.reconcile()
    expect(pass.filesListed()).toBe(1)
  })
})
