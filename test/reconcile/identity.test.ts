import { describe, expect, it } from 'vitest'
import { anApplication, everyone } from '../preview/fixtures.ts'
import { found, given } from './given.ts'

const own = { id: '7', fullName: 'acme/shop', cloneUrl: 'https://git.acme.dev/acme/shop.git' }
const strangers = { ...own, id: '1007' }
const mine = 'apps/shop-142-cart.yml'

function contentOf(pass: ReturnType<typeof given>): string | null | undefined {
  return pass.repository.commits.findLast(({ edits }) => edits[0]?.path === mine)?.edits[0]?.content
}

describe('law 3: a repository is the forge’s own number, not its name', () => {
  it('the preview of a number is not replaced by that of a stranger with the same number', async () => {
    const pass = given()
    await pass.reconcile()
    const before = contentOf(pass)
    pass.forge = found({ repository: strangers, title: 'mine now', sha: 'b'.repeat(40) as never })
    expect(await pass.reconcile()).toMatchObject({
      kind: 'stalled',
      why: expect.stringMatching(/number 1007 .* says number 7/) as string,
    })
    expect(contentOf(pass)).toBe(before)
    expect(pass.warnings()).toEqual([expect.stringMatching(/1007.*number 7.*repositoryId to "1007"/)])
  })

  it('a new merge request of the stranger gets none either: any manifest of the application knows the number', async () => {
    const pass = given()
    const sibling = given()
    await sibling.reconcile()
    const content = (contentOf(sibling) ?? '').replaceAll('142', '99')
    pass.repository.push([{ path: 'apps/shop-99-cart.yml', content }])
    pass.forge = found({ repository: strangers })
    expect(await pass.reconcile('sweep')).toMatchObject({ kind: 'stalled' })
    expect(pass.repository.files()).not.toContain(mine)
  })

  it('neither an end nor a merge request that is gone is believed of another repository', async () => {
    for (const forge of [
      found({ repository: strangers, state: 'merged' }),
      { kind: 'gone', repository: strangers } as const,
    ]) {
      const pass = given()
      await pass.reconcile()
      pass.forge = forge
      expect(await pass.reconcile()).toMatchObject({ kind: 'stalled' })
      expect(pass.repository.files()).toContain(mine)
    }
  })

  it('a number in the configuration counts where no manifest stands, and against one that does', async () => {
    const pinned = given([anApplication({ repositoryId: '7' })])
    pinned.forge = found({ repository: strangers })
    expect(await pinned.reconcile()).toMatchObject({ kind: 'stalled' })
    expect(pinned.repository.files()).not.toContain(mine)
    const moved = given([anApplication({ repositoryId: '1007' })])
    const before = given()
    await before.reconcile()
    moved.repository.push([{ path: mine, content: contentOf(before) ?? '' }])
    moved.forge = found({ repository: strangers })
    expect(await moved.reconcile()).toEqual({ kind: 'settled' })
    expect(contentOf(moved)).toContain('mayfly.dev/repository-id: "1007"')
  })

  it('the warning goes when the repository is the right one again', async () => {
    const pass = given()
    await pass.reconcile()
    pass.forge = found({ repository: strangers })
    await pass.reconcile()
    expect(pass.warnings()).toHaveLength(1)
    pass.forge = found()
    await pass.reconcile()
    expect(pass.warnings()).toEqual([])
  })
})

describe('law 3: a source that the forge does not tell', () => {
  it('keeps the preview that was made from the repository itself', async () => {
    const pass = given()
    await pass.reconcile()
    pass.forge = found({ fork: null })
    await expect(pass.reconcile()).rejects.toThrow(/does not say which repository the branch of .* is in/)
    expect(pass.repository.files()).toContain(mine)
    pass.forge = found({ fork: true })
    await pass.reconcile()
    expect(pass.repository.files()).not.toContain(mine)
  })

  it('gets no preview where none stands, and ends it where something else says so', async () => {
    const pass = given([
      anApplication({ when: { ...everyone, labels: { any: ['preview'], all: [], none: [] } } }),
    ])
    pass.forge = found({ fork: null, labels: ['preview'] })
    expect(await pass.reconcile()).toEqual({ kind: 'settled' })
    expect(pass.repository.files()).not.toContain(mine)
    pass.forge = found({ labels: ['preview'] })
    await pass.reconcile()
    pass.forge = found({ fork: null, labels: [] })
    await pass.reconcile()
    expect(pass.repository.files()).not.toContain(mine)
  })
})
