import { afterEach, describe, expect, it } from 'vitest'
import { userCalled } from '../support/forge-harness.ts'
import { testedForges } from '../support/thorough.ts'
import { createWorld, repository, type World } from '../support/world.ts'

describe.each(testedForges)('commands in comments on %s', (forge) => {
  let world: World

  afterEach(() => world.close())

  async function begin(application: string) {
    world = await createWorld({ forge, application, config: 'commands: {}', sweepEvery: '1h' })
    world.forge.actions.permit(repository, 'mayfly-bot', 'admin')
    world.forge.actions.permit(repository, 'dev', 'read')
    world.forge.actions.permit(repository, 'maintainer', 'write')
  }

  const say = (number: number, login: string, body: string) =>
    world.forge.actions.comment(repository, number, userCalled(world.forge, login), body)

  it('a stranger’s commit waits for a writer’s word about it, and a push waits for another one', async () => {
    await begin('when: { authors: { permission: write } }')
    const number = world.open('cart')
    const first = world.pull(number).commits.at(-1) ?? ''
    await world.says(number, 'Refused', 'its author may not write', `approve ${first.slice(0, 7)}`)
    say(number, 'dev', `/preview approve ${first.slice(0, 7)}`)
    await expect.poll(() => world.comments(number).length, { timeout: 20_000 }).toBe(2)
    await world.manifests([])
    say(number, 'maintainer', `/preview approve ${first.slice(0, 7)}`)
    await world.manifests(['shop-1-cart.yml'])
    expect(await world.branch.file('apps/shop-1-cart.yml')).toContain(`mayfly.dev/approved-sha: ${first}`)
    const second = world.forge.actions.push(repository, number)
    await expect
      .poll(() => world.comments(number)[0], { timeout: 20_000 })
      .toContain(`approve ${second.slice(0, 7)}`)
    expect(await world.branch.file('apps/shop-1-cart.yml')).toContain(first)
  })

  it('law 2: a command whose webhook was lost is carried out with the next sweep, once', async () => {
    await begin('')
    const number = world.open('cart')
    await world.says(number, 'Deploying')
    world.forge.webhooks.mode({ kind: 'lose' })
    say(number, 'maintainer', '/preview evict')
    await world.stop()
    await world.start()
    await world.manifests([])
    await world.says(number, 'it was evicted by maintainer')
    await world.stop()
    await world.start()
    world.forge.webhooks.mode({ kind: 'prompt' })
    world.forge.actions.push(repository, number)
    await world.manifests(['shop-1-cart.yml'])
    await world.says(number, 'Deploying')
    const causes = (await world.branch.commits()).map(({ trailers }) => trailers['Mayfly-Cause'])
    expect(causes.filter((cause) => cause === 'evicted')).toHaveLength(1)
  })
})
