import { describe, expect, it } from 'vitest'
import { portProblems } from '../../scripts/port-problems.ts'

const path = 'src/fruit-basket/port.ts'

function port(members: string): string {
  return `export interface FruitBasket { ${members} }`
}

describe('the shape of a port', () => {
  it('takes six members, named after the room', () => {
    expect(
      portProblems(path, port('a(): void; b(): void; c(): void; d(): void; e(): void; f: string')),
    ).toEqual([])
  })

  it('lets a word before the name of the room say which one it is', () => {
    expect(portProblems('src/basket/port.ts', port('a(): void'))).toEqual([])
    expect(portProblems('src/basket/port.ts', port('a?: string'))).toHaveLength(1)
  })

  it('refuses a seventh', () => {
    const seven = 'a(): void; b(): void; c(): void; d(): void; e(): void; f: string; g: string'
    expect(portProblems(path, port(seven))).toEqual([
      `${path}: FruitBasket has 7 members; a port has at most 6, move the rest out of it.`,
    ])
  })

  it('refuses what is optional, also in what the port speaks of', () => {
    const text = `${port('a(): void')} export interface Apple { readonly colour?: string }`
    expect(portProblems(path, text)).toEqual([
      `${path}: Apple has an optional member; write \`| null\`, so that nobody forgets it.`,
    ])
  })

  it('finds fault with a port of another name, so that it never checks nothing', () => {
    expect(portProblems(path, 'export interface Basket {}')).toHaveLength(1)
  })
})
