import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { ask } from '../support/http-post.ts'
import {
  type OneForge,
  repository,
  type SeveralForges,
  startSeveralForges,
} from '../support/several-forges.ts'
import { proofHeaders } from '../support/sign-webhook.ts'

const names = ['hub', 'enterprise', 'lab', 'own-lab'] as const

describe('two forges of GitHub’s kind and two of GitLab’s, with one repository name and the same numbers', () => {
  let world: SeveralForges

  beforeEach(async () => {
    world = await startSeveralForges()
  })

  afterEach(() => world.close())

  function forgeCalled(name: string): OneForge {
    const found = world.forges.find((forge) => forge.name === name)
    if (found === undefined) throw new Error(`no forge ${name}`)
    return found
  }

  async function manifests(...of: readonly string[]): Promise<void> {
    await eventually(async () => {
      expect((await world.branch.files()).toSorted()).toEqual(
        of.map((name) => `shop-${name}-1-cart.yml`).toSorted(),
      )
    })
  }

  function says(name: string, ...words: readonly string[]): Promise<string> {
    return eventually(() => {
      const [comment = '', ...more] = forgeCalled(name).comments(1)
      expect(more).toEqual([])
      for (const word of words) expect(comment).toContain(word)
      return comment
    })
  }

  it('gives each merge request a preview, a comment and a link of its own', async () => {
    for (const forge of world.forges) expect(forge.open('cart')).toBe(1)
    await manifests(...names)
    for (const name of names) {
      const comment = await says(name, `https://shop-${name}-1-cart.preview.acme.dev`)
      for (const other of names.filter((one) => one !== name))
        expect(comment).not.toContain(`shop-${other}-1`)
    }
    const pages = (await world.branch.commits())
      .slice(1)
      .map(({ trailers }) => trailers['Mayfly-Merge-Request'])
    expect(pages.toSorted()).toEqual(
      [
        'https://github.com/acme/shop/pull/1',
        `${forgeCalled('enterprise').url}/acme/shop/pull/1`,
        'https://gitlab.com/acme/shop/-/merge_requests/1',
        `${forgeCalled('own-lab').url}/acme/shop/-/merge_requests/1`,
      ].toSorted(),
    )
    await eventually(() => {
      for (const { name, sandbox } of world.forges)
        expect(sandbox.state.repositories[0]?.statuses).toMatchObject([{ context: `mayfly/shop-${name}` }])
    })
  })

  it('takes away the preview of the one that ended, and no other', async () => {
    for (const forge of world.forges) forge.open('cart')
    await manifests(...names)
    forgeCalled('enterprise').sandbox.actions.setState(repository, 1, 'merged')
    await manifests('hub', 'lab', 'own-lab')
    await says('enterprise', 'Removed')
    forgeCalled('lab').sandbox.actions.setState(repository, 1, 'closed')
    await manifests('hub', 'own-lab')
    await says('lab', 'Removed')
    for (const name of ['hub', 'own-lab']) expect(await says(name, 'Deploying')).not.toContain('Removed')
  })

  it('law 10: takes a webhook at the door of its own forge only, and shows no token', async () => {
    for (const forge of world.forges) {
      for (const other of world.forges.filter((one) => one !== forge)) {
        const headers = {
          'content-type': 'application/json',
          ...proofHeaders(other.kind, forge.secret, '{}', new Date()),
        }
        const { status } = await ask(`${world.mayfly.url}/webhooks/${other.name}`, {
          method: 'POST',
          headers,
          body: '{}',
        })
        expect(status, `${forge.name} at the door of ${other.name}`).toBe(401)
      }
    }
    for (const forge of world.forges) forge.open('cart')
    await manifests(...names)
    expect(world.log.lines.filter(({ sentence }) => sentence === 'a forge refuses our token')).toEqual([])
    expect(world.log.text()).not.toMatch(/canary-(token|webhook|environment)/)
  })

  it.each(['503', '401', 'reset', '429 with Retry-After', 'empty object with 200', '404'] as const)(
    'laws 3 and 11: %s of one forge leaves the others working, and its own previews standing',
    async (fault) => {
      for (const forge of world.forges) forge.open('cart')
      await manifests(...names)
      for (const name of names) await says(name, 'Deploying')
      const broken = forgeCalled('enterprise')
      broken.proxy.break({ fault })
      const heads = new Map(
        world.forges.map(({ name, sandbox }) => [name, sandbox.actions.push(repository, 1)]),
      )
      const lands = (name: string) =>
        eventually(async () => {
          expect(await world.branch.file(`apps/shop-${name}-1-cart.yml`)).toContain(heads.get(name) ?? 'none')
        })
      for (const name of ['hub', 'lab', 'own-lab']) {
        await lands(name)
        await says(name, heads.get(name)?.slice(0, 7) ?? 'none')
      }
      await manifests(...names)
      expect(await world.branch.file('apps/shop-enterprise-1-cart.yml')).not.toContain(
        heads.get('enterprise'),
      )
      broken.proxy.heal()
      // Its comments may have been asked to wait; its manifests never do once an event comes.
      heads.set('enterprise', broken.sandbox.actions.push(repository, 1))
      await lands('enterprise')
      const touched = (await world.branch.commits()).flatMap((commit) => commit.touched)
      expect(touched.filter((change) => change.startsWith('D'))).toEqual([])
    },
  )
})
