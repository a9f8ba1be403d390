import { describe, expect, it } from 'vitest'
import { NotFound, UsageError } from '../../src/commands/errors.ts'
import { whyTarget } from '../../src/commands/why-target.ts'
import { anApplication } from '../preview/fixtures.ts'

const applications = [anApplication(), anApplication({ name: 'shop-web', repository: 'acme/web' })]

describe('mayfly why', () => {
  it.each([
    ['gitea:acme/shop#142', { key: 'gitea:acme/shop#142', preview: null }],
    ['gitea:acme/other#1', { key: 'gitea:acme/other#1', preview: null }],
    ['shop/142', { key: 'gitea:acme/shop#142', preview: 'shop/142' }],
    ['shop-142-cart', { key: 'gitea:acme/shop#142', preview: 'shop/142' }],
    ['shop-142', { key: 'gitea:acme/shop#142', preview: 'shop/142' }],
    ['shop-web-7-fix-8', { key: 'gitea:acme/web#7', preview: 'shop-web/7' }],
  ])('asks about %s', (text, target) => {
    expect(whyTarget(applications, text)).toEqual(target)
  })

  it.each(['', 'shop', 'acme/shop', 'what?', 'gitea:acme/shop#', '#1', 'shop#142', '--'])(
    'says what to write in the place of %j',
    (text) => {
      expect(() => whyTarget(applications, text)).toThrow(UsageError)
    },
  )

  it.each(['docs/1', 'docs-1-cart'])('names the applications where %s has none', (text) => {
    expect(() => whyTarget(applications, text)).toThrow(NotFound)
    expect(() => whyTarget(applications, text)).toThrow('there are shop, shop-web')
  })
})
