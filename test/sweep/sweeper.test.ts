import { expect, it } from 'vitest'
import { startSweeper } from '../../src/sweep/sweeper.ts'
import { createSourceRepositories } from '../../src/reconcile/source-repositories.ts'
import { given } from '../reconcile/given.ts'

it('law 2: what a human takes away while a slow sweep goes on is found by the next one', async () => {
  const pass = given()
  await pass.reconcile()
  const queued: string[] = []
  let lists = 0
  const forge = {
    ...pass.ports.forges.get('gitea'),
    listOpenMergeRequests: async () => {
      lists += 1
      if (lists === 2) {
        pass.repository.push([{ path: 'apps/shop-142-cart.yml', content: null }])
        queued.length = 0
        await pass.clock.sleep(10 * 60_000)
      }
      return { repository: { id: '7', fullName: 'acme/shop', cloneUrl: '' }, numbers: [] }
    },
  }
  const sweeper = startSweeper({
    settings: pass.settings,
    ports: { ...pass.ports, forges: new Map([['gitea', forge as never]]) },
    sources: createSourceRepositories(pass.settings.applications),
    queue: { add: (key) => Promise.resolve(void queued.push(`${lists} ${key}`)) },
    onOrphans: () => undefined,
    onComplete: () => undefined,
    onFailed: () => undefined,
    everyMs: 1_000,
    clock: pass.clock,
    log: pass.log,
  })
  for (let turn = 0; turn < 700 && lists < 4; turn += 1) await pass.clock.advance(1_000)
  await sweeper.stop()
  expect(queued).toContain('3 gitea:acme/shop#142')
})
