import { describe, expect, it } from 'vitest'
import { mergeRequestKey } from '../../src/preview/key.ts'
import { previewId } from '../../src/preview/preview-id.ts'
import type { ToldExplanation, WhyAnswer } from '../../src/why/why-desk.ts'
import { ask } from '../support/http-post.ts'
import { openDoor } from './open-door.ts'

const key = mergeRequestKey({ forge: 'github', repository: 'acme/shop', number: 142 })
const encoded = 'github%3Aacme%2Fshop%23142'

const explanation: ToldExplanation = {
  mergeRequest: key,
  state: 'open',
  url: null,
  author: null,
  branch: null,
  sha: null,
  previews: [],
  lastPass: null,
  nextAt: null,
  nextInMs: null,
  deliveries: [],
  text: ['github:acme/shop#142: open'],
}

async function doorThatSays(answer: WhyAnswer | Error) {
  const asked: unknown[][] = []
  const desk = {
    ask: (...question: unknown[]) => {
      asked.push(question)
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
    },
  }
  const find = (name: string) => (name === 'shop-142-cart' ? { key, preview: previewId('shop', 142) } : null)
  const door = await openDoor({}, { why: { find, desk } })
  const get = async (path: string) => {
    const { status, headers, text } = await ask(`${door.url}${path}`)
    return { status, headers, body: JSON.parse(text) as unknown }
  }
  return { asked, get }
}

describe('GET /api/merge-requests/<key>/why and /api/previews/<name>/why', () => {
  it('ask about a whole merge request, or about one preview', async () => {
    const { asked, get } = await doorThatSays({ kind: 'explained', explanation })
    expect(await get(`/api/merge-requests/${encoded}/why`)).toMatchObject({ status: 200, body: explanation })
    const named = await get('/api/previews/shop-142-cart/why')
    expect(named).toMatchObject({ status: 200, body: explanation, headers: { 'cache-control': 'no-store' } })
    expect(asked).toEqual([
      [key, null],
      [key, 'shop/142'],
    ])
  })

  it.each([
    'nonsense',
    'github%3Aacme%2Fshop',
    'github%3Aacme%2Fshop%230',
    '..%2f%23',
    '%E0%A4%A',
    'a b%231',
  ])('no key is asked about: %s', async (text) => {
    const { asked, get } = await doorThatSays({ kind: 'explained', explanation })
    const answer = await get(`/api/merge-requests/${text.replace(' ', '%20')}/why`)
    expect([answer.status, Object.keys(answer.body as object)]).toEqual([400, ['error']])
    expect(asked).toEqual([])
  })

  it('a name that nobody has is 404, in words', async () => {
    const { asked, get } = await doorThatSays({ kind: 'explained', explanation })
    for (const name of ['nobody', '__proto__', '%00'])
      expect(await get(`/api/previews/${name}/why`)).toMatchObject({ status: 404 })
    expect(asked).toEqual([])
  })

  it.each([
    [{ kind: 'unknown', why: 'acme/shop has no merge request 142' }, 404, undefined],
    [{ kind: 'later', why: 'github does not answer', afterMs: 1_500 }, 503, '2'],
    [{ kind: 'later', why: 'github does not answer', afterMs: 0 }, 503, '1'],
    [{ kind: 'failed', why: 'the token may not read' }, 502, undefined],
  ] as const)('%j', async (answer, status, retryAfter) => {
    const { get } = await doorThatSays(answer)
    const got = await get(`/api/merge-requests/${encoded}/why`)
    expect(got).toMatchObject({ status, body: { error: answer.why } })
    expect(got.headers['retry-after']).toBe(retryAfter)
    expect(got.headers['cache-control']).toBe('no-store')
  })

  it('a fault of ours is not told', async () => {
    const { get } = await doorThatSays(new Error('canary'))
    const got = await get(`/api/merge-requests/${encoded}/why`)
    expect(got.status).toBe(500)
    expect(JSON.stringify(got.body)).not.toContain('canary')
  })
})
