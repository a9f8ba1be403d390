import { expect, it } from 'vitest'
import { exportedNames, nameProblems } from '../../scripts/exported-names.ts'

const text = `
export interface Apple { readonly colour: string }
export const Pear = 1, Plum = 2
export type Pear = number
export function eat(): void {}
export class Basket {}
const hidden = 1
export { hidden as Shown } from './elsewhere.ts'
`

it('counts what a file declares and exports, a type and its value once', () => {
  expect(exportedNames('src/fruit.ts', text).map(({ name }) => name)).toEqual([
    'Apple',
    'Pear',
    'Plum',
    'eat',
    'Basket',
  ])
})

it('refuses a name that two files declare, and names both', () => {
  const problems = nameProblems([
    { name: 'Rule', path: 'src/config/rule.ts' },
    { name: 'Rule', path: 'src/render/rule.ts' },
    { name: 'Config', path: 'src/config/config.ts' },
  ])
  expect(problems).toEqual([
    'src/config/rule.ts and src/render/rule.ts: `Rule` means two things; give one of them a word of its own.',
  ])
})

it('lets adapters of one port translate by the same names, in files of the same name only', () => {
  const of = (path: string) => ({ name: 'commentOf', path })
  expect(nameProblems([of('src/forge/gitea/map.ts'), of('src/forge/github/map.ts')])).toEqual([])
  expect(nameProblems([of('src/forge/gitea/map.ts'), of('src/forge/github/calls.ts')])).toHaveLength(1)
  expect(nameProblems([of('src/render/bind/map.ts'), of('src/render/fill/map.ts')])).toHaveLength(1)
})
