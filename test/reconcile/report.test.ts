import { describe, expect, it } from 'vitest'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'
import { anApplication, everyone, shaA, shaB } from '../preview/fixtures.ts'
import { found, given, key } from './given.ts'

const two = [anApplication(), anApplication({ name: 'api' })]
const repository = { id: '7', fullName: 'acme/shop', cloneUrl: 'https://git.acme.dev/acme/shop.git' }

describe('what people read', () => {
  it('of a preview that was written: its address, its commit, a pending status', async () => {
    const pass = given()
    await pass.reconcile()
    expect(pass.comment()).toContain('Deploying: https://shop-142-cart.preview.acme.dev')
    expect(pass.reports[0]).toMatchObject({
      key,
      comment: { marker: '<!-- mayfly:default -->', whenMissing: 'create' },
      statuses: [{ sha: shaA, status: { context: 'mayfly/shop', state: 'pending' } }],
    })
    expect(pass.records()).toMatchObject([{ name: 'shop-142-cart', state: 'deploying', branch: 'cart' }])
  })

  it('of each preview: its own manifest, not that of its neighbour', async () => {
    const pass = given(two)
    await pass.reconcile()
    await pass.reconcile()
    expect(pass.records().map(({ manifest }) => manifest?.path)).toEqual([
      'apps/api-142-cart.yml',
      'apps/shop-142-cart.yml',
    ])
  })

  it('of one that was removed: that it is, and no comment is begun for it', async () => {
    const pass = given()
    await pass.reconcile()
    pass.forge = found({ state: 'merged' })
    await pass.reconcile()
    expect(pass.reports.at(-1)).toMatchObject({
      comment: { whenMissing: 'skip' },
      statuses: [{ status: { state: 'success' }, onlyUnblocks: true }],
    })
    expect(pass.comment()).toContain('Removed: the merge request was merged (lived 0 s, 1 deploy')
    expect(pass.records()).toMatchObject([{ state: 'removed' }])
  })

  it('of one that never was: the last line of a comment that is there, but no preview', async () => {
    const pass = given()
    pass.forge = found({ state: 'closed' })
    await pass.reconcile()
    expect(pass.reports).toMatchObject([{ comment: { whenMissing: 'skip' } }])
    expect(pass.records()).toEqual([])
  })

  it('of one that never was and is not wanted: nothing on a sweep', async () => {
    const pass = given([anApplication({ when: { ...everyone, drafts: false } })])
    pass.forge = found({ draft: true })
    await pass.reconcile('sweep')
    expect(pass.reports).toEqual([])
    await pass.reconcile('event')
    expect(pass.reports).toHaveLength(1)
  })

  it('of a fork: that it is refused and why, and no status of a stranger’s commit', async () => {
    const pass = given()
    pass.forge = found({ fork: true })
    expect(await pass.reconcile()).toEqual({ kind: 'settled' })
    expect(pass.comment()).toContain('the merge request comes from a fork')
    expect(pass.comment()).toContain('A maintainer may push the branch')
    expect(pass.reports[0]?.statuses).toEqual([])
  })

  it('of a fork that nobody would have got a preview for anyway: nothing of forks', async () => {
    const pass = given([anApplication({ when: { ...everyone, drafts: false } })])
    pass.forge = found({ fork: true, draft: true })
    await pass.reconcile()
    expect(pass.comment()).not.toContain('fork')
  })

  it('of one that does not exist any more: nothing, there is nobody to read it', async () => {
    const pass = given()
    await pass.reconcile()
    pass.forge = { kind: 'gone', repository }
    await pass.reconcile()
    expect(pass.reports).toHaveLength(1)
    expect(pass.records()).toMatchObject([
      { name: 'shop-142-cart', namespace: 'preview-shop-142-cart', state: 'removed', sha: null },
    ])
  })

  it('failures-only: a comment is begun by a failure alone', async () => {
    const pass = given([anApplication()], { comment: 'failures-only' })
    await pass.reconcile()
    expect(pass.reports.at(-1)?.comment?.whenMissing).toBe('skip')
    pass.repository.push([{ path: 'templates/preview.yaml.hbs', content: null }])
    pass.forge = found({ sha: shaB })
    await pass.repository.refresh()
    await pass.reconcile()
    expect(pass.reports.at(-1)?.comment?.whenMissing).toBe('create')
  })

  it('comments and statuses can be switched off, each by itself', async () => {
    const quiet = given([anApplication()], { comment: 'off', status: 'off' })
    await quiet.reconcile()
    expect(quiet.reports).toMatchObject([{ comment: null, statuses: [] }])
  })
})

describe('one bad preview', () => {
  it('law 11: a refused manifest is told as refused, keeps what stood, and holds up no other', async () => {
    const bad = given([anApplication({ name: 'api', template: 'missing.hbs' }), anApplication()])
    bad.repository.push([{ path: 'templates/missing.hbs', content: null }])
    expect(await bad.reconcile('sweep')).toMatchObject({ kind: 'stalled' })
    expect(bad.repository.files()).toEqual(['apps/mayfly.yml', 'apps/shop-142-cart.yml'])
    expect(bad.records().map(({ name, state }) => `${name} ${state}`)).toEqual([
      'api-142-cart refused',
      'shop-142-cart deploying',
    ])
    expect(bad.log.lines).toContainEqual({
      level: 'warn',
      facts: {
        mergeRequest: key,
        preview: 'api/142',
        why: expect.stringContaining('missing.hbs') as string,
      },
      sentence: 'a manifest was refused',
    })
  })

  it('that failed for now is thrown to the queue after the report of all', async () => {
    const pass = given(two)
    const change = pass.repository.change
    pass.repository.change = (wanted) =>
      wanted.preview === 'api/142' ? Promise.reject(new RetryLater('the server is away')) : change(wanted)
    await expect(pass.reconcile()).rejects.toThrow('the server is away')
    expect(pass.records().map(({ name, state }) => `${name} ${state}`)).toEqual([
      'api-142-cart waiting',
      'shop-142-cart deploying',
    ])
    expect(pass.reports).toHaveLength(1)
  })

  it('that needs a human is told as failed, with the reason, and comes back by nobody', async () => {
    const pass = given()
    pass.repository.answer = new Stalled('the push was refused: protected branch')
    expect(await pass.reconcile()).toEqual({
      kind: 'stalled',
      why: 'the push was refused: protected branch',
    })
    expect(pass.comment()).toContain('Failed: the push was refused: protected branch')
    expect(pass.log.lines).toContainEqual({
      level: 'error',
      facts: { mergeRequest: key, preview: 'shop/142', why: 'the push was refused: protected branch' },
      sentence: 'a merge request is left as it is until a human acts',
    })
  })

  it('that met a fault of ours says nothing to people, and comes back', async () => {
    const pass = given()
    pass.repository.answer = new TypeError('x is not a function')
    await expect(pass.reconcile()).rejects.toThrow('x is not a function')
    expect(pass.reports).toEqual([])
  })

  it('that was not promised yet says nothing while the forge is slow, and something once it stands', async () => {
    const pass = given([anApplication({ when: { ...everyone, paths: ['src/**'] } })])
    pass.files = new RetryLater('a page is missing')
    await expect(pass.reconcile()).rejects.toThrow()
    expect(pass.reports).toEqual([])
    pass.files = new Stalled('more files than this forge lists')
    await pass.reconcile()
    expect(pass.comment()).toContain('Failed: more files than this forge lists')
  })
})

describe('a change that the branch did not take', () => {
  it('a foreign file in its place is named, and left alone', async () => {
    const pass = given()
    pass.repository.answer = { kind: 'foreign', path: 'apps/shop-142-cart.yml' }
    expect(await pass.reconcile()).toMatchObject({ kind: 'stalled' })
    expect(pass.comment()).toContain('Failed: the file `apps/shop-142-cart.yml` is not this preview')
  })

  it('law 13: a held removal waits, and says who confirms it', async () => {
    const pass = given()
    await pass.reconcile()
    pass.forge = found({ state: 'closed' })
    pass.repository.answer = { kind: 'held', removals: 6, limit: 5 }
    expect(await pass.reconcile('sweep')).toMatchObject({ kind: 'stalled' })
    expect(pass.comment()).toMatch(
      /Waiting: .*6 within ten minutes, 5 may go.*mayfly sweep `--confirm-removals`/,
    )
    expect(pass.records()).toMatchObject([{ state: 'waiting', manifest: { path: 'apps/shop-142-cart.yml' } }])
  })
})

describe('the forge', () => {
  it('that does not answer leaves everything as it is: nothing is said, the key comes back', async () => {
    const pass = given()
    await pass.reconcile()
    const before = { commits: pass.repository.commits.length, reports: pass.reports.length }
    pass.forge = new RetryLater('gitea answered with 502')
    await expect(pass.reconcile()).rejects.toThrow('gitea answered with 502')
    expect({ commits: pass.repository.commits.length, reports: pass.reports.length }).toEqual(before)
  })

  it('that refuses us ends the pass, and is logged once where it is about a right', async () => {
    const pass = given()
    pass.forge = new Stalled('the token is not valid')
    expect(await pass.reconcile()).toEqual({ kind: 'stalled', why: 'the token is not valid' })
    pass.forge = new Stalled('the token may not', { right: 'read' })
    await pass.reconcile()
    const levels = pass.log.lines.filter(({ sentence }) => sentence.includes('until a human acts'))
    expect(levels.map(({ level }) => level)).toEqual(['error', 'debug'])
  })
})
