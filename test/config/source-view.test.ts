import { expect, it } from 'vitest'
import { createSourceView } from '../../src/config/source-view.ts'

it('law 10: names a value as it is written, and a secret never', () => {
  const written = {
    server: { auth: { tokens: ['canary'] } },
    queue: { redis: 'canary' },
    forges: [{ token: 'canary', webhookSecret: ['canary'], url: 'https://a:canary@b' }],
  }
  const sight = createSourceView(written, written)
  expect(sight.shown(['server', 'auth', 'tokens', 0])).toBe('a secret')
  expect(sight.shown(['queue', 'redis'])).toBe('a secret')
  expect(sight.shown(['forges', 0, 'token'])).toBe('a secret')
  expect(sight.shown(['forges', 0, 'webhookSecret', 0])).toBe('a secret')
  expect(sight.shown(['forges', 0, 'url'])).toBe('`https://…@b`')
  expect(sight.shown(['forges', 1])).toBe('nothing')
})

it('names a value on one line, and cuts a long one', () => {
  const sight = createSourceView({ a: 'x\ny', b: 'z'.repeat(200), c: 3 }, {})
  expect(sight.shown(['a'])).toBe('`x\\ny`')
  expect(sight.shown(['b'])).toBe(`\`${'z'.repeat(100)}…\``)
  expect(sight.shown(['c'])).toBe('3')
})
