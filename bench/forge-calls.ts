/** How many requests one event costs at each forge, once Mayfly is up: counted by a proxy before the stand-in. */
import { setTimeout as delay } from 'node:timers/promises'
import { type FaultyForge, startFaultyForge } from '../test/support/faulty-forge.ts'
import { createWorld, repository, type World } from '../test/support/world.ts'

/** Long enough for a comment and a status at one write a second to be done. */
const quietMs = 3_000

interface Counted {
  readonly reads: number
  readonly writes: number
}

async function countFor(forge: 'gitea' | 'github' | 'gitlab'): Promise<Readonly<Record<string, Counted>>> {
  const proxies: FaultyForge[] = []
  const world = await createWorld({
    forge,
    through: async (url) => {
      const proxy = await startFaultyForge(url)
      proxies.push(proxy)
      return proxy.url
    },
  })
  const [proxy] = proxies
  if (proxy === undefined) throw new Error('there is no proxy')
  try {
    const first = world.open('first')
    await world.says(first, 'Deploying')
    const number = first + 1
    return {
      'a new merge request': await during(proxy, () => void world.open('cart')),
      'an event that changes nothing': await during(proxy, () => {
        world.forge.actions.label(repository, number, ['unrelated'])
      }),
      'a push': await during(proxy, () => void world.forge.actions.push(repository, number)),
      'a close': await during(proxy, () => {
        world.forge.actions.setState(repository, number, 'closed')
      }),
    }
  } finally {
    await close(world, proxy)
  }
}

async function during(proxy: FaultyForge, act: () => void): Promise<Counted> {
  await delay(quietMs)
  const before = proxy.requests.length
  act()
  await delay(quietMs)
  const requests = proxy.requests.slice(before)
  const reads = requests.filter(({ method }) => method === 'GET').length
  return { reads, writes: requests.length - reads }
}

async function close(world: World, proxy: FaultyForge): Promise<void> {
  await world.close()
  await proxy.close()
}

console.log(
  '\n### Requests to the forge, reads + writes\n\n| event | Gitea | GitHub | GitLab |\n|:--|--:|--:|--:|',
)
const counted = [await countFor('gitea'), await countFor('github'), await countFor('gitlab')]
for (const event of Object.keys(counted[0] ?? {}))
  console.log(
    `| ${event} | ${counted.map((forge) => `${forge[event]?.reads ?? 0} + ${forge[event]?.writes ?? 0}`).join(' | ')} |`,
  )
