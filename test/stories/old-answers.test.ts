import { afterEach, describe, expect, it } from 'vitest'
import { startHttpServer, type TestServer } from '../support/http-server.ts'
import { isThorough } from '../support/thorough.ts'
import { createWorld, repository, type World } from '../support/world.ts'

let world: World
let proxy: TestServer

afterEach(async () => {
  await world.close()
  await proxy.close()
})

/** A forge that goes on answering what was true before `freeze` for some seconds, as replicas behind it do. */
async function startLagging(target: string) {
  const known = new Map<string, { readonly status: number; readonly type: string; readonly text: string }>()
  let frozenUntil = 0
  proxy = await startHttpServer((request, response) => {
    const { method = 'GET', url = '/', headers } = request
    const isRead = method === 'GET' && /(pulls|merge_requests)\/\d+(\?|$)/.test(url)
    const old = isRead && Date.now() < frozenUntil ? known.get(url) : undefined
    if (old !== undefined) {
      response.writeHead(old.status, { 'content-type': old.type }).end(old.text)
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { host: _host, connection: _connection, 'if-none-match': _tag, ...others } = headers
      const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }
      void fetch(`${target}${url}`, { method, headers: others as Record<string, string>, ...body }).then(
        async (answer) => {
          const text = await answer.text()
          const type = answer.headers.get('content-type') ?? 'application/json'
          if (isRead) known.set(url, { status: answer.status, type, text })
          const kept = [...answer.headers].filter(([name]) => /^(link|x-|etag|content-type)/.test(name))
          response.writeHead(answer.status, Object.fromEntries(kept)).end(text)
        },
        () => response.destroy(),
      )
    })
  })
  return { url: proxy.url, freeze: (ms: number) => (frozenUntil = Date.now() + ms) }
}

describe.each(isThorough ? (['gitea', 'github', 'gitlab'] as const) : (['github'] as const))(
  'law 12: old answers of %s',
  (forge) => {
    it('for four seconds after a push, and after an end: the truth is there within seconds, without a sweep', async () => {
      const lagging: Awaited<ReturnType<typeof startLagging>>[] = []
      world = await createWorld({
        forge,
        sweepEvery: '1h',
        through: async (url) => {
          const made = await startLagging(url)
          lagging.push(made)
          return made.url
        },
      })
      const number = world.open('cart')
      await world.says(number, 'Deploying')
      lagging[0]?.freeze(4_000)
      const newest = world.forge.actions.push(repository, number)
      const sha = typeof newest === 'string' ? newest : (world.pull(number).commits.at(-1) ?? '')
      await world.says(number, sha.slice(0, 7))
      lagging[0]?.freeze(4_000)
      world.forge.actions.setState(repository, number, 'merged')
      await world.says(number, 'Removed')
      const causes = (await world.branch.commits()).map(({ trailers }) => trailers['Mayfly-Cause'])
      expect(causes.filter((cause) => cause !== undefined)).toEqual(['opened', 'pushed', 'merged'])
    }, 60_000)
  },
)
