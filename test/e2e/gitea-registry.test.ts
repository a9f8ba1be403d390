import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { secret } from '../../src/config/secret.ts'
import { imageRegistryOf } from '../contract/registry.ts'
import { type PushTarget, pushImage } from '../support/push-image.ts'
import { callGitea } from './support/call-gitea.ts'
import type { GiteaAccount } from './support/gitea-account.ts'
import { type GiteaServer, startGitea } from './support/gitea.ts'

describe('the registry of a real Gitea', () => {
  let gitea: GiteaServer
  let host = ''

  beforeAll(async () => {
    gitea = await startGitea()
    host = new URL(gitea.url).host
    for (const visibility of ['public', 'private'])
      await callGitea(gitea.operator, 'POST', '/orgs', { username: `acme-${visibility}`, visibility })
  }, 60_000)

  afterAll(() => gitea.stop())

  it('tells everybody of a public image, by its digest, and that another is not there', async () => {
    const registry = imageRegistryOf()
    const digest = await pushImage(pusher(gitea.operator), 'acme-public/shop', 'd4e5f6a')
    expect(await registry.find(`${host}/acme-public/shop:d4e5f6a`)).toEqual({ kind: 'there', digest })
    expect(await registry.find(`${host}/acme-public/shop:0000000`)).toEqual({ kind: 'missing' })
    expect(await registry.find(`${host}/acme-public/none:d4e5f6a`)).toEqual({ kind: 'missing' })
  })

  it('tells of a private image whoever may pull it, and never strangers that it is not there', async () => {
    const digest = await pushImage(pusher(gitea.operator), 'acme-private/shop', 'd4e5f6a')
    const reference = `${host}/acme-private/shop:d4e5f6a`
    const { login, token } = gitea.operator
    const known = imageRegistryOf({ credentials: [{ host, username: login, password: secret(token) }] })
    expect(await known.find(reference)).toEqual({ kind: 'there', digest })
    expect((await imageRegistryOf().find(reference)).kind).not.toBe('there')
    const { login: stranger, token: theirs } = gitea.stranger
    const unwelcome = imageRegistryOf({
      credentials: [{ host, username: stranger, password: secret(theirs) }],
    })
    expect((await unwelcome.find(reference)).kind).toBe('forbidden')
  })
})

/** Pushes as Docker does: first it gets a token. https://docs.gitea.com/usage/packages/container */
function pusher({ url, login, token }: GiteaAccount): PushTarget {
  return {
    url,
    async authorization() {
      const basic = `Basic ${Buffer.from(`${login}:${token}`).toString('base64')}`
      const answer = await fetch(`${url}/v2/token?service=container_registry&scope=*`, {
        headers: { authorization: basic },
      })
      return `Bearer ${z.object({ token: z.string() }).parse(await answer.json()).token}`
    },
  }
}
