import { describe, expect, it } from 'vitest'
import { anApplication, everyone, shaA, shaB } from '../preview/fixtures.ts'
import { found, given } from './given.ts'

type Pass = ReturnType<typeof given>

const commands = { prefix: '/preview', allow: [] }
const gate = { checks: [], image: false, timeoutMs: 1_800_000, pin: false }
const none = { total: null, perApplication: null, perAuthor: null, perRepository: null } as const
const image = 'registry.acme.dev/shop:{{shortSha}}'
const forks = { ...everyone, forks: 'approved' } as const

/** One older version stands and serves, then a newer commit comes. */
async function served(pass: Pass): Promise<Pass> {
  pass.agent = { kind: 'ready', serving: shaA, since: null }
  await pass.reconcile()
  pass.forge = found({ sha: shaB })
  return pass
}

/** What people read in each new state of a life, from a whole pass. */
const states: Readonly<Record<string, () => Pass | Promise<Pass>>> = {
  'waiting-for-a-check-while-the-older-serves': async () => {
    const pass = given([anApplication({ gate: { ...gate, checks: ['build', 'test'] } })])
    pass.checks = { build: 'passed', test: 'passed' }
    await served(pass)
    pass.checks = { build: 'pending' }
    return pass
  },
  'failed-check': () => {
    const pass = given([anApplication({ gate: { ...gate, checks: ['build'] } })])
    pass.checks = { build: 'failed' }
    return pass
  },
  'waiting-for-an-image': () => {
    const pass = given([anApplication({ image, gate: { ...gate, image: true } })])
    pass.image = { kind: 'missing' }
    return pass
  },
  'failed-may-not-look-for-an-image': () => {
    const pass = given([anApplication({ image, gate: { ...gate, image: true } })])
    pass.image = {
      kind: 'forbidden',
      why: 'Mayfly cannot look whether registry.acme.dev/shop:a1b2c3d is there: registry.acme.dev does not say it without a login. Make the image public, or put a user with the right to pull it into `registries`.',
    }
    return pass
  },
  'refused-fork-that-may-be-approved': () => {
    const pass = given([anApplication({ when: forks })], { commands })
    pass.forge = found({ fork: true })
    return pass
  },
  'waiting-for-an-approval-while-the-older-serves': async () => {
    const pass = given([anApplication({ when: { ...everyone, authors: 'writers' } })], { commands })
    pass.talk.permissions = { maintainer: 'write' }
    pass.talk.say('maintainer', `/preview approve ${shaA}`)
    return await served(pass)
  },
  'refused-full': () => {
    const pass = given([anApplication()], { limits: { ...none, total: 1, whenFull: 'refuse' } })
    pass.repository.push([{ path: 'apps/shop-1-x.yml', content: other }])
    return pass
  },
  'waiting-for-a-place': () => {
    const pass = given([anApplication()], { limits: { ...none, total: 1, whenFull: 'wait' } })
    pass.repository.push([{ path: 'apps/shop-1-x.yml', content: other }])
    return pass
  },
  'waiting-paused': async () => {
    const pass = await served(given())
    await pass.repository.setPause('the cluster is upgraded until noon')
    return pass
  },
  'waiting-rolled-back': async () => {
    const pass = await served(given([anApplication()], { commands }))
    await pass.reconcile()
    pass.talk.permissions = { maintainer: 'write' }
    pass.talk.say('maintainer', '/preview rollback')
    return pass
  },
  'removed-evicted': async () => {
    const pass = given([anApplication()], { commands })
    await pass.reconcile()
    pass.talk.permissions = { maintainer: 'write' }
    pass.talk.say('maintainer', '/preview evict')
    return pass
  },
}

const other = `apiVersion: v1
kind: Namespace
metadata:
  name: preview-shop-1-x
  annotations:
    mayfly.dev/preview: shop/1
`

describe('what people read', () => {
  it.each(Object.entries(states))('%s', async (name, begin) => {
    const pass = await begin()
    await pass.reconcile()
    await expect(pass.comment()).toMatchFileSnapshot(`golden/${name}.md`)
    // Law 6: a second look finds nothing to say in other words.
    const said = pass.comment()
    await pass.reconcile()
    expect(pass.comment()).toBe(said)
  })
})
