import { describe, expect, it } from 'vitest'
import { Stalled } from '../../src/preview/errors.ts'
import type { When } from '../../src/preview/application.ts'
import { anApplication, everyone, shaA, shaB } from '../preview/fixtures.ts'
import { found, given, template } from './given.ts'

const commands = { prefix: '/preview', allow: ['ops'] }

function guarded(when: Partial<When>, change = {}) {
  const pass = given([anApplication({ when: { ...everyone, ...when }, ...change })], { commands })
  pass.talk.permissions = { maintainer: 'write', dev: 'read' }
  return pass
}

/** The newest comment as people read it. */
const said = (pass: ReturnType<typeof given>) => pass.comment().replaceAll(/\\|<span[^>]*>|<\/span>/g, '')

const standing = async (pass: ReturnType<typeof given>) => (await pass.repository.view()).manifests()
const commits = async (pass: ReturnType<typeof given>) => (await standing(pass)).map(({ sha }) => sha)

const strangers = [
  ['a fork', { forks: 'approved' }, { fork: true }, 'the merge request comes from a fork'],
  ['an author without write', { authors: 'writers' }, {}, 'its author may not write to this repository'],
] as const

const standingOther = `apiVersion: v1
kind: Namespace
metadata:
  name: preview-shop-1-x
  annotations:
    mayfly.dev/preview: shop/1
`

describe.each(strangers)('%s', (_who, when, change, why) => {
  it('gets nothing until a writer approves this very commit; a push voids it, and the approved one goes on', async () => {
    const pass = guarded(when)
    pass.forge = found(change)
    pass.agent = { kind: 'ready', serving: shaA, since: null }
    await pass.reconcile()
    expect(said(pass)).toContain(`Refused: ${why}, and nobody has approved`)
    expect(said(pass)).toContain('`/preview approve a1b2c3d4e5f6`')
    expect(await commits(pass)).toEqual([])

    const approval = pass.talk.say('maintainer', '/preview approve a1b2c3d')
    await pass.reconcile()
    expect(await commits(pass)).toEqual([shaA])
    expect(pass.talk.marks.get(approval)).toBe('done')
    const [manifest] = await standing(pass)
    expect(manifest?.annotations).toMatchObject({ 'approved-sha': shaA, 'approved-by': 'maintainer' })
    expect(pass.repository.commits.at(-1)?.message).toContain('Mayfly-Approved-By: maintainer')

    pass.forge = found({ ...change, sha: shaB })
    await pass.reconcile()
    expect(said(pass)).toContain(`Waiting: ${why}, and nobody has approved`)
    expect(said(pass)).toContain('`a1b2c3d` is still serving')
    expect(said(pass)).not.toContain('tries again by itself')
    expect(await standing(pass)).toEqual([manifest])
    pass.talk.say('maintainer', `/preview approve ${shaB}`)
    await pass.reconcile()
    expect(await commits(pass)).toEqual([shaB])
  })

  it('an approval of another commit, of somebody who may not, of a bot, or edited, is none', async () => {
    const pass = guarded(when)
    pass.forge = found(change)
    pass.talk.say('maintainer', '/preview approve d4e5f6a')
    pass.talk.say('dev', '/preview approve a1b2c3d')
    pass.talk.say('stranger', '/preview approve a1b2c3d')
    pass.talk.say('maintainer', '/preview approve a1b2c3d', { edited: true })
    pass.talk.say('maintainer', '/preview approve a1b2c3d', {
      author: { id: 9, login: 'maintainer', bot: true },
    })
    pass.talk.say('maintainer', 'look: /preview approve a1b2c3d')
    await pass.reconcile()
    expect(await commits(pass)).toEqual([])
    expect([...pass.talk.marks]).toEqual([
      [1, 'refused'],
      [2, 'refused'],
      [3, 'refused'],
    ])
    expect(pass.talk.replies[0]).toContain('The newest commit is `a1b2c3d`')
    expect(pass.talk.replies[1]).toContain('`approve` is for whoever may write to this repository')
    // Law 6: what was answered is not answered again.
    await pass.reconcile()
    expect(pass.talk.replies).toHaveLength(3)
    // Whoever goes on gets a thumb down for each, and quiet after three sentences.
    for (let at = 0; at < 20; at += 1) pass.talk.say('stranger', '/preview approve a1b2c3d')
    await pass.reconcile()
    expect(pass.talk.marks.size).toBe(23)
    expect(pass.talk.replies).toHaveLength(5)
    await pass.clock.advance(11 * 60_000)
    pass.talk.say('stranger', '/preview approve a1b2c3d')
    await pass.reconcile()
    expect(pass.talk.replies).toHaveLength(6)
  })

  it('law 2: the approval is in the forge: another process finds it, and one heard before its gate opened counts later', async () => {
    const pass = guarded(when, {
      gate: { checks: ['build'], image: false, timeoutMs: 60_000, pin: false },
    })
    pass.forge = found(change)
    pass.talk.say('maintainer', '/preview approve a1b2c3d')
    await pass.reconcile()
    expect(said(pass)).toContain('Waiting: there is no check called build yet')
    pass.checks = { build: 'passed' }
    await pass.reconcile()
    expect(await commits(pass)).toEqual([shaA])
  })

  it('law 15: a word about seven digits is bound to the whole commit: another that begins alike does not have it', async () => {
    const gate = { checks: ['build'], image: false, timeoutMs: 60_000, pin: false }
    const pass = guarded(when, { gate })
    pass.forge = found(change)
    const approval = pass.talk.say('maintainer', '/preview approve a1b2c3d')
    await pass.reconcile()
    expect(pass.repository.commits.at(-1)?.message).toContain('preview shop/142: approve a1b2c3d')
    expect(pass.repository.commits.at(-1)?.message).toContain(`Mayfly-Sha: ${shaA}`)
    expect(pass.repository.commits.at(-1)?.message).toContain('Mayfly-Approved-By: maintainer')
    expect(pass.talk.marks.get(approval)).toBe('done')
    const alike = `a1b2c3d${'0'.repeat(33)}` as typeof shaA
    pass.forge = found({ ...change, sha: alike })
    pass.checks = { build: 'passed' }
    await pass.reconcile()
    expect(said(pass)).toContain('nobody has approved')
    expect(await commits(pass)).toEqual([])
  })

  it('a word said while everything is paused is heard once that is over', async () => {
    const pass = guarded(when)
    pass.forge = found(change)
    await pass.repository.setPause('later')
    const approval = pass.talk.say('maintainer', '/preview approve a1b2c3d')
    await pass.reconcile()
    expect(pass.talk.marks.get(approval)).toBe('seen')
    await pass.repository.setPause(null)
    await pass.reconcile()
    expect(await commits(pass)).toEqual([shaA])
    expect(pass.talk.marks.get(approval)).toBe('done')
  })

  it('a word said while the old namespace still goes, or while a human is needed first, is not lost', async () => {
    for (const obstacle of ['namespace', 'human'] as const) {
      const pass = guarded(when)
      pass.forge = found(change)
      pass.agent = { kind: 'absent' }
      const approval = pass.talk.say('maintainer', '/preview approve a1b2c3d')
      if (obstacle === 'namespace')
        pass.agent = { kind: 'removing', why: 'a finalizer', details: [], held: false, since: new Date(0) }
      else pass.repository.answer = new Stalled('the branch is protected')
      await pass.reconcile()
      expect(pass.talk.marks.get(approval)).toBe('seen')
      pass.agent = { kind: 'absent' }
      pass.repository.answer = null
      await pass.reconcile()
      expect(await commits(pass)).toEqual([shaA])
      expect(pass.talk.marks.get(approval)).toBe('done')
    }
  })

  it('what waits for a place keeps its approval', async () => {
    const limits = { total: 1, perApplication: null, perAuthor: null, perRepository: null } as const
    const full = given([anApplication({ when: { ...everyone, ...when } })], {
      commands,
      limits: { ...limits, whenFull: 'wait' },
    })
    full.talk.permissions = { maintainer: 'write', dev: 'read' }
    full.repository.push([{ path: 'apps/shop-1-x.yml', content: standingOther }])
    full.forge = found(change)
    full.talk.say('maintainer', '/preview approve a1b2c3d')
    await full.reconcile()
    expect(said(full)).toContain('place 1 of 1')
    full.repository.push([{ path: 'apps/shop-1-x.yml', content: null }])
    await full.reconcile()
    expect(await commits(full)).toEqual([shaA])
  })

  it('gets the template for the untrusted, also when it is rendered again', async () => {
    const pass = guarded(when, { templateUntrusted: 'stranger.yaml.hbs' })
    pass.repository.push([{ path: 'templates/stranger.yaml.hbs', content: `${template}    trust: "none"\n` }])
    pass.forge = found(change)
    pass.talk.say('maintainer', '/preview approve a1b2c3d')
    await pass.reconcile()
    await pass.reconcile()
    expect((await standing(pass))[0]?.content).toContain('trust: none')
  })
})

it('an approved commit keeps to the policy for the untrusted', async () => {
  const base = { projects: null, repositories: [], destinations: [] }
  const policy = { ...base, kinds: ['Namespace'], untrusted: { ...base, kinds: ['ConfigMap'] } }
  const stranger = anApplication({ when: { ...everyone, forks: 'approved' } })
  const pass = given([stranger], { commands, policy })
  pass.talk.permissions = { maintainer: 'write' }
  pass.forge = found({ fork: true })
  pass.talk.say('maintainer', '/preview approve a1b2c3d')
  await pass.reconcile()
  expect(said(pass)).toContain('Refused')
  expect(await commits(pass)).toEqual([])
  pass.forge = found()
  await pass.reconcile()
  expect(await commits(pass)).toEqual([shaA])
})

describe('who needs no approval', () => {
  it.each([
    ['a writer', { authors: 'writers' }, { author: 'maintainer' }],
    ['somebody on the list', { authors: 'writers', allow: ['DEV'] }, {}],
    ['somebody on the list, from a fork', { forks: 'approved', allow: ['dev'] }, { fork: true }],
    ['anybody, where authors: any', { forks: 'approved' }, {}],
  ] as const)(
    '%s',
    async (_who, when, { author = 'dev', ...change }: { author?: string; fork?: boolean }) => {
      const pass = guarded(when)
      pass.forge = found({
        ...change,
        author: { login: author, name: author, email: `${author}@noreply.acme.dev`, bot: false },
      })
      await pass.reconcile()
      expect(await commits(pass)).toEqual([shaA])
    },
  )

  it('where the forge does not tell, nobody is trusted, and who is named in commands.allow may approve', async () => {
    const pass = guarded({ authors: 'writers' })
    pass.talk.permissions = { dev: 'unknown', ops: 'unknown', maintainer: 'unknown' }
    pass.talk.say('maintainer', '/preview approve a1b2c3d')
    await pass.reconcile()
    expect(said(pass)).toContain('the forge does not tell Mayfly whether its author may write')
    expect(pass.talk.replies[0]).toContain('only an administrator may ask')
    pass.talk.say('ops', '/preview approve a1b2c3d')
    await pass.reconcile()
    expect(await commits(pass)).toEqual([shaA])
  })
})

describe('/preview evict', () => {
  it('ends a preview until the next push, remembers it without a manifest, and says who', async () => {
    const pass = guarded({})
    await pass.reconcile()
    const order = pass.talk.say('maintainer', '/preview evict')
    await pass.reconcile('sweep')
    expect(await commits(pass)).toEqual([])
    expect(pass.talk.marks.get(order)).toBe('done')
    expect(said(pass)).toContain('it was evicted by maintainer')
    expect(pass.repository.commits.at(-1)?.message).toContain('Mayfly-Cause: evicted')
    expect(pass.repository.commits.at(-1)?.message).toContain('Mayfly-By: maintainer')
    const written = pass.repository.commits.length
    await pass.reconcile('sweep')
    expect(pass.repository.commits).toHaveLength(written)
    expect(said(pass)).toContain('it was evicted by maintainer')
    pass.forge = found({ sha: shaB })
    await pass.reconcile()
    expect(await commits(pass)).toEqual([shaB])
  })

  it('what stands before the newest comment with our mark was looked at, or never meant for us', async () => {
    const pass = guarded({})
    await pass.reconcile()
    const old = pass.talk.say('maintainer', '/preview evict')
    pass.talk.marks.set(pass.talk.say('maintainer', '/preview redeploy'), 'done')
    await pass.reconcile()
    expect(await commits(pass)).toEqual([shaA])
    expect(pass.talk.marks.get(old)).toBeUndefined()
  })

  it('and rollback are answered where nothing stands, and a paused preview is not turned back', async () => {
    const pass = guarded({ labels: { ...everyone.labels, any: ['preview'] } })
    pass.talk.say('maintainer', '/preview evict')
    await pass.reconcile()
    expect(pass.talk.replies).toEqual([expect.stringContaining('No preview of this merge request stands.')])
    pass.forge = found({ labels: ['preview'] })
    await pass.reconcile()
    pass.forge = found({ labels: ['preview'], sha: shaB })
    await pass.reconcile()
    const [manifest] = await standing(pass)
    const content = (manifest?.content ?? '').replace(
      'mayfly.dev/preview:',
      'mayfly.dev/paused: demo\n    mayfly.dev/preview:',
    )
    pass.repository.push([{ path: manifest?.path ?? '', content }])
    await pass.repository.refresh()
    pass.talk.say('maintainer', '/preview rollback')
    await pass.reconcile()
    expect(pass.talk.replies.at(-1)).toContain('This preview is paused')
    expect((await standing(pass))[0]?.content).toBe(content)
  })

  it('is nothing that an author without write may ask for, and unknown words get the nearest one', async () => {
    const pass = guarded({})
    await pass.reconcile()
    pass.talk.say('dev', '/preview evict')
    pass.talk.say('maintainer', '/preview evikt')
    pass.talk.say('maintainer', '/preview approve')
    await pass.reconcile()
    expect(await commits(pass)).toEqual([shaA])
    expect(pass.talk.replies.join()).toContain('Did you mean `/preview evict`?')
    expect(pass.talk.replies.join()).toContain('Write `/preview approve <commit>`')
  })
})

describe('/preview rollback', () => {
  const deployed = async () => {
    const pass = guarded({})
    await pass.reconcile()
    pass.forge = found({ sha: shaB })
    await pass.reconcile()
    return pass
  }

  it('puts the older version back until the next push, and says who; redeploy takes it back', async () => {
    const pass = await deployed()
    const order = pass.talk.say('maintainer', '/preview rollback')
    await pass.reconcile()
    expect(await commits(pass)).toEqual([shaA])
    expect(pass.talk.marks.get(order)).toBe('done')
    expect(said(pass)).toContain('Waiting: rolled back to `a1b2c3d` by maintainer, until the next push')
    const { message } = pass.repository.commits.at(-1) ?? {}
    expect(message).toContain('preview shop-142-cart: roll back to a1b2c3d')
    expect(message).toContain(`Mayfly-Sha: ${shaA}`)
    expect(message).toContain('Mayfly-Cause: rolled-back')
    expect(message).toContain('Mayfly-By: maintainer')
    // Law 6, and law 2: what says so stands in the manifest.
    const written = pass.repository.commits.length
    await pass.reconcile('sweep')
    await pass.reconcile()
    expect(pass.repository.commits).toHaveLength(written)
    expect(said(pass)).toContain('rolled back to `a1b2c3d` by maintainer')
    pass.talk.say('dev', '/preview redeploy')
    await pass.reconcile()
    expect(await commits(pass)).toEqual([shaB])
    await pass.reconcile()
    expect(await commits(pass)).toEqual([shaB])
  })

  it('ends with a push', async () => {
    const pass = await deployed()
    pass.talk.say('maintainer', '/preview rollback a1b2c3d')
    await pass.reconcile()
    expect(await commits(pass)).toEqual([shaA])
    const shaC = 'e'.repeat(40) as typeof shaA
    pass.forge = found({ sha: shaC })
    await pass.reconcile()
    expect(await commits(pass)).toEqual([shaC])
    expect((await standing(pass))[0]?.annotations['rolled-back-from']).toBeUndefined()
  })

  it('to what nobody knows is answered, and changes nothing', async () => {
    const pass = await deployed()
    pass.talk.say('maintainer', '/preview rollback 1234567')
    await pass.reconcile()
    expect(await commits(pass)).toEqual([shaB])
    expect(pass.talk.replies).toEqual([
      expect.stringContaining('holds no version of this preview for `1234567`'),
    ])
  })
})

it('comments are not read where nobody asked for commands', async () => {
  const pass = given()
  pass.talk.say('maintainer', '/preview evict')
  await pass.reconcile()
  expect(await commits(pass)).toEqual([shaA])
  expect(pass.talk.marks.size).toBe(0)
})
