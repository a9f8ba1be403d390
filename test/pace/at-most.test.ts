import { expect, it } from 'vitest'
import { atMost } from '../../src/pace/at-most.ts'

/** Work that ends when it is told to, and the order in which it began. */
function pieces() {
  const begun: string[] = []
  const ends = new Map<string, (error?: Error) => void>()
  return {
    begun,
    work: (name: string) => () =>
      new Promise<string>((resolve, reject) => {
        begun.push(name)
        ends.set(name, (error) => {
          if (error === undefined) resolve(name)
          else reject(error)
        })
      }),
    async end(name: string, error?: Error) {
      ends.get(name)?.(error)
      await new Promise(setImmediate)
    },
  }
}

it('runs so many at once, and the others in the order they came', async () => {
  const { begun, work, end } = pieces()
  const inTurn = atMost(2)
  const done = Promise.all(['one', 'two', 'three', 'four'].map((name) => inTurn(work(name))))
  expect(begun).toEqual(['one', 'two'])
  await end('two')
  expect(begun).toEqual(['one', 'two', 'three'])
  await end('one')
  expect(begun).toEqual(['one', 'two', 'three', 'four'])
  await end('three')
  await end('four')
  expect(await done).toEqual(['one', 'two', 'three', 'four'])
})

it('gives the place of what failed to the next, and takes no newcomer before it', async () => {
  const { begun, work, end } = pieces()
  const inTurn = atMost(1)
  const failed = expect(inTurn(work('one'))).rejects.toThrow('x')
  const second = inTurn(work('two'))
  await end('one', new Error('x'))
  const third = inTurn(work('three'))
  expect(begun).toEqual(['one', 'two'])
  await end('two')
  await end('three')
  await failed
  expect(await Promise.all([second, third])).toEqual(['two', 'three'])
})
