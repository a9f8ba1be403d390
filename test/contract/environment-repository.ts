import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Layout } from '../../src/environment-repository/manifest-path.ts'
import type { EnvironmentRepository, PausableBranch } from '../../src/environment-repository/port.ts'
import { previewId } from '../../src/preview/preview-id.ts'
import type { Branch } from '../support/branch.ts'
import { change, manifestOf, pathOfName, wishesIn } from '../support/proposed-changes.ts'

export interface EnvironmentRepositoryStore {
  /** A repository on this store's branch `dynamic-envs`, directory `apps`, templates `templates`; closed with it. */
  open(): EnvironmentRepository & PausableBranch
  /** The same branch, as git itself sees it. */
  readonly branch: Branch
  close(): Promise<void>
}

export type OpenStore = (files: Readonly<Record<string, string>>) => Promise<EnvironmentRepositoryStore>

const inert = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mayfly, namespace: default}\n'
const seed = {
  'README.md': 'Environments of acme\n',
  'apps/mayfly.yml': inert,
  'apps/by-hand.yml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: by-hand, namespace: x}\n# to the byte\r\n',
  'apps/deep/er.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: deeper, namespace: x}\n',
  'apps/notes.txt': 'not yaml: [\n',
  'templates/preview.yaml.hbs': 'kind: {{kind}}\n',
}

const forbidden: Readonly<Record<Layout, readonly string[]>> = {
  files: [
    'README.md',
    'apps/../x.yml',
    'apps/deep/x.yml',
    'apps/X.yml',
    'apps/-x.yml',
    'apps/x.txt',
    'apps/mayfly.yml',
    '/apps/x.yml',
    'apps/x.yml\n',
    'apps/x/preview.yml',
  ],
  directories: [
    'README.md',
    'apps/../preview.yml',
    'apps/../apps/preview.yml',
    'apps/x/../preview.yml',
    'apps/preview.yml',
    'apps//preview.yml',
    'apps/x/y/preview.yml',
    'apps/x/other.yml',
    'apps/x/preview.yaml',
    'apps/X/preview.yml',
    'apps/-x/preview.yml',
    'apps/.git/preview.yml',
    'apps/mayfly.yml',
    '/apps/x/preview.yml',
    'apps/x/preview.yml\n',
    'apps/x.yml',
  ],
}

/** What every environment repository does, as the port says. */
export function environmentRepositoryContract(name: string, layout: Layout, openStore: OpenStore): void {
  const { creation, pathOf, removal } = wishesIn(layout)

  describe(`${name}, layout ${layout}, keeps the environment repository's contract`, () => {
    const test: { store?: EnvironmentRepositoryStore; repository?: EnvironmentRepository & PausableBranch } =
      {}
    const store = (): EnvironmentRepositoryStore => test.store ?? fail()
    const repository = (): EnvironmentRepository & PausableBranch => test.repository ?? fail()

    beforeEach(async () => {
      test.store = await openStore(seed)
      test.repository = test.store.open()
    })
    afterEach(() => test.store?.close())

    it('finds the older versions of a preview in its commits, and nothing of others', async () => {
      const preview = previewId('shop', 1)
      const version = (mark: string, sha: string) =>
        creation(1, {
          mark,
          edits: [
            { path: pathOf(1), content: manifestOf(1, mark).replace('1'.padStart(40, '0'), sha.repeat(40)) },
          ],
          trailers: { 'Mayfly-Sha': sha.repeat(40), 'Mayfly-Cause': 'pushed' },
        })
      expect(await repository().earlier(preview, null)).toBeNull()
      for (const [mark, sha] of [
        ['one', 'a'],
        ['two', 'b'],
        ['three', 'c'],
      ] as const)
        await repository().change(version(mark, sha))
      await repository().change(creation(2))
      expect(await repository().earlier(preview, null)).toMatchObject({ sha: 'b'.repeat(40) })
      expect(await repository().earlier(preview, 'aaaaaaa')).toMatchObject({ sha: 'a'.repeat(40) })
      expect((await repository().earlier(preview, 'aaaaaaa'))?.content).toContain('one')
      expect(await repository().earlier(preview, 'ccccccc')).toBeNull()
      expect(await repository().earlier(preview, 'd')).toBeNull()
      // A process that has just begun finds them too.
      const other = store().open()
      expect(await other.earlier(preview, null)).toMatchObject({ sha: 'b'.repeat(40) })
      await other.close()
    })

    it('law 7: a pause stops every change of every process, with its reason, and ends', async () => {
      const other = store().open()
      await other.view()
      expect(await repository().setPause('the cluster is upgraded')).toBe('written')
      expect(await repository().setPause('the cluster is upgraded')).toBe('unchanged')
      const before = await store().branch.tip()
      // The other process has not heard of it: the server tells, before anything is pushed.
      await store().branch.commitForeign({ 'notes.md': 'moved on' })
      const paused = { kind: 'paused', reason: 'the cluster is upgraded' }
      expect(await other.change(creation(1))).toEqual(paused)
      expect(await repository().change(creation(2))).toEqual(paused)
      expect((await other.refresh()).pause()).toBe('the cluster is upgraded')
      expect((await store().branch.files()).filter((name) => name.includes('shop'))).toEqual([])
      expect(before).not.toBe(await store().branch.tip())
      expect(await other.setPause(null)).toBe('written')
      expect((await other.refresh()).pause()).toBeNull()
      expect(await repository().change(creation(2))).toMatchObject({ kind: 'pushed' })
      await other.close()
    })

    it.each([
      ['', 'nobody wrote why'],
      ['\n\n', 'nobody wrote why'],
      ['two\nlines\u0007\n', 'two lines'],
      ['x'.repeat(400), `${'x'.repeat(299)}…`],
    ])('whatever text stands in mayfly.pause, it pauses: %j', async (text, reason) => {
      await store().branch.commitForeign({ 'mayfly.pause': text })
      expect((await repository().refresh()).pause()).toBe(reason)
      expect(await repository().change(creation(1))).toEqual({ kind: 'paused', reason })
    })

    it('shows what stands on the branch', async () => {
      await store().branch.commitForeign({ [pathOf(7)]: manifestOf(7) })
      const view = await repository().view()
      expect(view.commit).toBe(await store().branch.tip())
      expect(view.manifests().map(({ path }) => path)).toEqual([pathOf(7)])
      expect(view.manifestsOf(previewId('shop', 7))).toEqual([
        expect.objectContaining({ name: 'shop-7', content: manifestOf(7), sha: '7'.padStart(40, '0') }),
      ])
      expect(view.manifestsOf(previewId('shop', 8))).toEqual([])
      expect(view.ownerOf(pathOf(7))).toBe('ours')
      expect(view.ownerOf('apps/by-hand.yml')).toBe('foreign')
      expect(view.ownerOf('apps/nobody.yml')).toBe('nobody')
      expect(view.holderOf('/ConfigMap/x/by-hand')).toBe('apps/by-hand.yml')
      expect(view.holderOf('/ConfigMap/x/deeper')).toBe('apps/deep/er.yaml')
      expect(view.holderOf('argoproj.io/Application/argocd/shop-7')).toBe(pathOf(7))
      expect(view.holderOf('/ConfigMap/x/nobody')).toBeUndefined()
    })

    it('writes one commit per change, with author, subject and trailers', async () => {
      const result = await repository().change(creation(1))
      expect(result).toEqual({ kind: 'pushed', commit: await store().branch.tip() })
      expect(await store().branch.file(pathOf(1))).toBe(manifestOf(1))
      const commit = (await store().branch.commits()).at(-1)
      expect(commit).toMatchObject({
        author: 'Dev <dev@users.noreply.acme.dev>',
        committer: 'Mayfly <mayfly@localhost>',
        subject: 'preview shop-1: create at 0000000',
        trailers: { 'Mayfly-Preview': 'shop/1', 'Mayfly-Cause': 'pushed' },
        touched: [`A ${pathOf(1)}`],
      })
    })

    it('shows its own change at once, and keeps an older view as it was', async () => {
      const before = await repository().view()
      await repository().change(creation(1))
      expect((await repository().view()).manifests()).toHaveLength(1)
      expect(before.manifests()).toHaveLength(0)
    })

    it('law 6: the same change again is unchanged and makes no commit', async () => {
      await repository().change(creation(1))
      const tip = await store().branch.tip()
      expect(await repository().change(creation(1))).toEqual({ kind: 'unchanged', commit: tip })
      expect(await repository().change(removal(2))).toEqual({ kind: 'unchanged', commit: tip })
      expect(await store().branch.tip()).toBe(tip)
    })

    it('renames in one commit', async () => {
      await repository().change(creation(1))
      const to = pathOfName('shop-1-cart', layout)
      const edits = [
        { path: pathOf(1), content: null },
        { path: to, content: manifestOf(1, 'two') },
      ]
      expect(await repository().change(change(1, edits))).toMatchObject({ kind: 'pushed' })
      expect(await store().branch.commits()).toHaveLength(3)
      expect(await store().branch.files()).not.toContain(pathOf(1).slice('apps/'.length))
      expect((await repository().view()).manifestsOf(previewId('shop', 1)).map(({ path }) => path)).toEqual([
        to,
      ])
    })

    it('drops a change that is not wanted any more, and hands on the error of the question', async () => {
      const dropped = repository().change(creation(1, { stillWanted: () => Promise.resolve(false) }))
      const failed = repository().change(
        creation(2, { stillWanted: () => Promise.reject(new Error('forge away')) }),
      )
      const wanted = repository().change(creation(3))
      await expect(failed).rejects.toThrow('forge away')
      expect(await dropped).toEqual({ kind: 'dropped' })
      expect(await wanted).toMatchObject({ kind: 'pushed' })
      expect((await repository().view()).manifests().map(({ path }) => path)).toEqual([pathOf(3)])
    })

    it('law 7: a file that is not this preview’s is never touched, and law 11: others go on', async () => {
      const squatter = manifestOf(1).replace('mayfly.dev/preview: shop/1', 'owner: somebody')
      await store().branch.commitForeign({ [pathOf(1)]: squatter })
      const taken = repository().change(creation(1))
      const free = repository().change(creation(2))
      expect(await taken).toEqual({ kind: 'foreign', path: pathOf(1) })
      expect(await free).toMatchObject({ kind: 'pushed' })
      expect(await repository().change(removal(1))).toEqual({ kind: 'foreign', path: pathOf(1) })
      expect(await store().branch.file(pathOf(1))).toBe(squatter)
    })

    it('takes no object that another file holds already', async () => {
      await repository().change(creation(1))
      const content = manifestOf(2).replaceAll('name: shop-2', 'name: shop-1')
      const result = await repository().change(change(2, [{ path: pathOf(2), content }]))
      expect(result).toEqual({ kind: 'foreign', path: pathOf(1) })
    })

    it('law 7: nothing but a plain file where manifests stand is ever written', async () => {
      const tip = await store().branch.tip()
      for (const path of forbidden[layout]) {
        const wish = change(1, [{ path, content: manifestOf(1) }])
        await expect(repository().change(wish), path).rejects.toThrow(RangeError)
      }
      expect(await store().branch.tip()).toBe(tip)
    })

    it('law 7: takes the place of nothing that git would take away for it', async () => {
      const inTheWay =
        layout === 'files'
          ? { above: 'apps/shop-1.yml/kept.txt', below: 'apps/shop-2.yml/deep/kept.txt' }
          : { above: 'apps/shop-1', below: 'apps/shop-2/preview.yml/kept.txt' }
      await store().branch.commitForeign({ [inTheWay.above]: 'a', [inTheWay.below]: 'b' })
      expect(await repository().change(creation(1))).toEqual({ kind: 'foreign', path: inTheWay.above })
      expect(await repository().change(creation(2))).toEqual({ kind: 'foreign', path: inTheWay.below })
      expect(await store().branch.file(inTheWay.above)).toContain('a')
      expect(await store().branch.file(inTheWay.below)).toContain('b')
    })

    it('law 7: makes no directory where somebody put a file or a link', async () => {
      await repository().change(creation(1))
      await store().branch.commitForeign({ apps: '../elsewhere' })
      expect(await repository().change(creation(2))).toEqual({ kind: 'foreign', path: 'apps' })
      expect(await store().branch.file('apps')).toContain('elsewhere')
    })

    it('moves a manifest out of the other layout in one commit, or removes it there', async () => {
      const other = wishesIn(layout === 'files' ? 'directories' : 'files').pathOf
      await store().branch.commitForeign({ [other(1)]: manifestOf(1), [other(2)]: manifestOf(2) })
      const view = await repository().view()
      expect(view.manifestsOf(previewId('shop', 1)).map(({ path, name }) => [path, name])).toEqual([
        [other(1), 'shop-1'],
      ])
      const edits = [
        { path: pathOf(1), content: manifestOf(1) },
        { path: other(1), content: null },
      ]
      expect(await repository().change(change(1, edits))).toMatchObject({ kind: 'pushed' })
      const moved = (await store().branch.commits()).at(-1)
      expect(moved?.touched.toSorted()).toEqual([`A ${pathOf(1)}`, `D ${other(1)}`])
      const gone = change(2, [{ path: other(2), content: null }], {
        subject: 'preview shop-2: remove: merged',
      })
      expect(await repository().change(gone)).toMatchObject({ kind: 'pushed' })
      expect((await repository().view()).manifests().map(({ path }) => path)).toEqual([pathOf(1)])
    })

    it('writes nothing that would not be ours', async () => {
      const edits = [{ path: pathOf(1), content: manifestOf(2) }]
      await expect(repository().change(change(1, edits))).rejects.toThrow(
        'does not carry mayfly.dev/preview: shop/1',
      )
    })

    it('tells the life of a preview from the commits', async () => {
      await repository().change(creation(1))
      const again = { mark: 'two', trailers: { 'Mayfly-Sha': 'f'.repeat(40), 'Mayfly-Cause': 'pushed' } }
      await repository().change(creation(1, again))
      const trail = (await repository().view()).historyOf(previewId('shop', 1))
      expect(trail).toMatchObject({ deploys: 2, removed: false, commit: await store().branch.tip() })
      const since = new Date(Date.now() - 60_000)
      expect((await repository().view()).removedSince(since)).toEqual([])
      await repository().change(removal(1))
      // Another process reads the same from the branch.
      for (const reader of [repository(), store().open()]) {
        const view = await reader.view()
        expect(view.historyOf(previewId('shop', 1))).toMatchObject({ deploys: 2, removed: true })
        expect(view.historyOf(previewId('shop', 1))?.createdAt).toEqual(trail?.createdAt)
        expect(view.removedSince(since)).toEqual([previewId('shop', 1)])
        expect(view.removedSince(new Date(Date.now() + 60_000))).toEqual([])
        expect(view.historyOf(previewId('shop', 2))).toBeUndefined()
      }
    })

    it('sees what somebody else pushed after a refresh', async () => {
      const before = await repository().view()
      const since = new Date(Date.now() - 60_000)
      await store().branch.commitForeign({ [pathOf(5)]: manifestOf(5), 'apps/by-hand.yml': null })
      expect(await repository().view()).toBe(before)
      const view = await repository().refresh()
      expect(view.manifests().map(({ path }) => path)).toEqual([pathOf(5)])
      expect(view.ownerOf('apps/by-hand.yml')).toBe('nobody')
      expect(view.holderOf('/ConfigMap/x/by-hand')).toBeUndefined()
      expect(view.foreignSince(since)).toBe(true)
      expect(view.foreignSince(new Date(Date.now() + 60_000))).toBe(false)
      expect((await repository().view()).commit).toBe(view.commit)
    })

    it('gives templates as they stand at a view', async () => {
      const before = await repository().view()
      await store().branch.commitForeign({ 'templates/preview.yaml.hbs': 'new\n' })
      const after = await repository().refresh()
      expect(await repository().template(before, 'preview.yaml.hbs')).toMatchObject({
        text: 'kind: {{kind}}\n',
      })
      expect(await repository().template(after, 'preview.yaml.hbs')).toMatchObject({ text: 'new\n' })
      for (const file of ['none.hbs', '../README.md', '../apps/mayfly.yml'])
        expect(await repository().template(after, file)).toBeUndefined()
    })

    it('drops a change whose template has moved, also when it finds out only by a lost race', async () => {
      const view = await repository().view()
      const file = 'preview.yaml.hbs'
      const template = { file, blob: (await repository().template(view, file))?.blob ?? '' }
      expect(await repository().change(creation(1, { template }))).toMatchObject({ kind: 'pushed' })
      await store().branch.commitForeign({ [`templates/${file}`]: 'new\n' })
      expect(await repository().change(creation(2, { template }))).toEqual({ kind: 'dropped' })
      expect(await repository().change(creation(3, { template }))).toEqual({ kind: 'dropped' })
      expect(await store().branch.files()).not.toContain(pathOf(2).slice('apps/'.length))
    })

    it('builds on what somebody else pushed meanwhile', async () => {
      await repository().view()
      await store().branch.commitForeign({ 'notes.md': 'by hand\n' })
      expect(await repository().change(creation(1))).toMatchObject({ kind: 'pushed' })
      expect(await store().branch.file('notes.md')).toBe('by hand\n')
      expect(await store().branch.file(pathOf(1))).toBe(manifestOf(1))
    })

    it('law 13: many removals that nobody asked for are held, those asked for are not', async () => {
      const numbers = Array.from({ length: 9 }, (_, index) => index + 1)
      await Promise.all(numbers.map((number) => repository().change(creation(number))))
      const sweep = { trigger: 'sweep', trailers: { 'Mayfly-Cause': 'sweep' } } as const
      const results = await Promise.all(
        numbers.slice(0, 7).map((number) => repository().change(removal(number, sweep))),
      )
      expect(results.filter(({ kind }) => kind === 'pushed')).toHaveLength(5)
      expect(results.filter(({ kind }) => kind === 'held')).toEqual([
        { kind: 'held', removals: 6, limit: 5 },
        { kind: 'held', removals: 6, limit: 5 },
      ])
      // Another process counts the same commits.
      expect(await store().open().change(removal(8, sweep))).toMatchObject({ kind: 'held' })
      expect(await repository().change(removal(9))).toMatchObject({ kind: 'pushed' })
    })

    it('takes no work after its end', async () => {
      await repository().view()
      await repository().close()
      await expect(repository().change(creation(1))).rejects.toMatchObject({ name: 'RetryLater' })
    })
  })
}

function fail(): never {
  throw new Error('the store is not open')
}
