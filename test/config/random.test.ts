import {
  assert,
  constantFrom,
  dictionary,
  letrec,
  oneof,
  property,
  string,
  double,
  integer,
  boolean,
  constant,
  array,
  record,
} from 'fast-check'
import { describe, it } from 'vitest'
import { stringify } from 'yaml'
import { contract, environment } from './contract.ts'
import { problemsIn } from './given.ts'

const runs = { numRuns: 1_000 }
const keys = [
  ...new Set(contract.match(/\w+(?=:)/g) ?? []),
  'when',
  'labels',
  'policy',
  'app',
  '__proto__',
  'x',
]
const scalars = [
  '${A}',
  '$${',
  '${',
  '{{name}}',
  'github',
  'https://a:b@c/{{values.x}}',
  'on',
  '10m',
  '../..',
  'a/b',
  '\u0000',
]

const { tree } = letrec((tie) => ({
  scalar: oneof(
    constantFrom(...scalars),
    string({ unit: 'binary' }),
    double(),
    integer(),
    boolean(),
    constant(null),
  ),
  tree: oneof(
    { depthSize: 'medium', withCrossShrink: true },
    tie('scalar'),
    array(tie('tree'), { maxLength: 3 }),
    dictionary(constantFrom(...keys), tie('tree'), { maxKeys: 6 }),
  ),
}))

/** A finding must be usable: a message and a way out. */
function readable(text: string): boolean {
  return problemsIn(text, { A: '1', ...environment }).every(
    ({ message, hint }) => message !== '' && hint !== '',
  )
}

describe('whatever the file holds, the loader takes it or throws a ConfigError', () => {
  it('any text', () => {
    assert(property(string({ unit: 'binary', maxLength: 200 }), readable), runs)
  })

  it('any text made of pieces of YAML', () => {
    const piece = constantFrom(
      '- ',
      ': ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      '&a ',
      '*a',
      '!!str ',
      '"',
      "'",
      '|\n',
      '>',
      '# ',
      '---\n',
      '?',
      '%',
      '@',
      '${A}',
      '<<',
      ...keys,
    )
    assert(
      property(array(piece, { maxLength: 40 }), (pieces) => readable(pieces.join(''))),
      runs,
    )
  })

  it('any tree below the known keys', () => {
    const file = record(
      Object.fromEntries(
        ['forges', 'environmentRepository', 'applications', 'server', 'names'].map((key) => [key, tree]),
      ),
      { requiredKeys: [] },
    )
    assert(
      property(file, (value) => readable(stringify(value, { aliasDuplicateObjects: false }))),
      runs,
    )
  })

  it('the contract with a part cut out', () => {
    const at = integer({ min: 0, max: contract.length })
    assert(
      property(at, at, (a, b) => readable(contract.slice(0, a) + contract.slice(b))),
      runs,
    )
  })
})
