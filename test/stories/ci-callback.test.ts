import { afterEach, describe, expect, it } from 'vitest'
import { startOidcIssuer, type OidcIssuer } from '../support/oidc-issuer.ts'
import { ask } from '../support/http-post.ts'
import { createWorld, repository, type World } from '../support/world.ts'

const token = 'canary-of-ci-0123456789'

describe('CI asks for a pass', () => {
  let world: World
  let issuer: OidcIssuer | undefined

  afterEach(async () => {
    await world.close()
    await issuer?.close()
    issuer = undefined
    expect(world.log.text()).not.toContain(token)
  })

  function askForPass(authorization: string, number: number, forge = 'gitea') {
    const key = encodeURIComponent(`${forge}:${repository}#${number}`)
    return ask(`${world.mayfly().url}/api/merge-requests/${key}/reconcile`, {
      method: 'POST',
      headers: { authorization },
    })
  }

  function build(number: number, state: string): void {
    world.forge.actions.setCheck(repository, world.pull(number).commits.at(-1) ?? '', {
      name: 'build',
      state,
    })
  }

  it('law 1: by a token: what waited for a check comes at once, though no webhook told of it', async () => {
    world = await createWorld({
      server: `, auth: { tokens: [${token}] }`,
      application: 'gate: { checks: [build] }',
    })
    const number = world.open('cart')
    await world.says(number, 'Waiting', 'build')
    world.forge.webhooks.mode({ kind: 'lose' })
    build(number, 'success')
    const before = Date.now()
    const answer = await askForPass(`Bearer ${token}`, number)
    expect([answer.status, answer.text]).toEqual([
      202,
      JSON.stringify({ status: 'taken', mergeRequest: `gitea:${repository}#${number}` }),
    ])
    await world.manifests([`shop-${number}-cart.yml`])
    // By itself it would have looked again after ten seconds, at the earliest.
    expect(Date.now() - before).toBeLessThan(8_000)
    expect((await askForPass('Bearer canary-of-nobody-at-all', number)).status).toBe(401)
  })

  it.each([
    ['github', { repository, repository_id: '' }],
    ['gitlab', { project_path: repository, project_id: '' }],
  ] as const)('by the identity of a job of %s', async (forge, named) => {
    issuer = await startOidcIssuer()
    world = await createWorld({
      forge,
      server: `, auth: { oidc: [{ issuer: '${issuer.url}', audience: mayfly, forge: ${forge} }] }`,
      application: 'gate: { checks: [build] }',
    })
    const number = world.open('cart')
    await world.says(number, 'Waiting', 'build')
    world.forge.webhooks.mode({ kind: 'lose' })
    build(number, 'success')
    const id = String(world.forge.state.repositories[0]?.id)
    const identity = (repositoryId: string) =>
      issuer?.token(
        Object.fromEntries(
          Object.entries(named).map(([key, value]) => [key, value === '' ? repositoryId : value]),
        ),
      )
    expect((await askForPass(`Bearer ${await identity('1007')}`, number, forge)).status).toBe(403)
    expect((await askForPass(`Bearer ${await identity(id)}`, number, forge)).status).toBe(202)
    await world.manifests([`shop-${number}-cart.yml`])
  })

  it('law 13: it is no event: a removal that it brings counts for the breaker like one of the sweep', async () => {
    world = await createWorld({ server: `, auth: { tokens: [${token}] }` })
    const numbers = Array.from({ length: 7 }, (_, index) => world.open(`b${index}`))
    await world.manifests(numbers.map((number, index) => `shop-${number}-b${index}.yml`))
    world.forge.webhooks.mode({ kind: 'lose' })
    for (const number of numbers) {
      world.forge.actions.setState(repository, number, 'closed')
      expect((await askForPass(`Bearer ${token}`, number)).status).toBe(202)
    }
    const held = async () => (await ask(`${world.mayfly().url}/readyz`)).text
    await expect.poll(held, { timeout: 30_000 }).toMatch(/removal/)
    expect((await world.branch.files()).filter((file) => file.startsWith('shop-'))).toHaveLength(2)
  })
})
