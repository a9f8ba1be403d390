import { expect, it } from 'vitest'
import { createBoundedMap } from '../../src/pace/bounded-map.ts'

it('forgets what was set longest ago, and nothing below its bound', () => {
  const map = createBoundedMap<string, number>(2)
  map.set('one', 1)
  map.set('two', 2)
  map.set('one', 11)
  expect(map.size()).toBe(2)
  map.set('three', 3)
  expect(['one', 'two', 'three'].map((key) => map.get(key))).toEqual([11, undefined, 3])
  map.delete('one')
  expect(map.size()).toBe(1)
})

it.each([0, -1, 1.5, Number.NaN])('refuses %s as a bound', (most) => {
  expect(() => createBoundedMap(most)).toThrow(RangeError)
})
