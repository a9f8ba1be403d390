import { describe, expect, it } from 'vitest'
import { fileWith, load, problemsIn } from './given.ts'

const image = 'registry.acme.dev/shop:{{sha}}'

/** The small good file with these keys of its first application. */
function application(own: object, top: object = {}): string {
  const file = JSON.parse(fileWith([], undefined)) as { applications: object[] }
  const [first, ...more] = file.applications
  return JSON.stringify({ ...file, ...top, applications: [{ ...first, ...own }, ...more] })
}

const of = (text: string) => load(text).config.applications[0]

describe('defaults of all applications', () => {
  const defaults = {
    when: { drafts: false, labels: { any: ['preview'] }, forks: 'approved' },
    gate: { checks: ['build'], timeout: '5m' },
    values: { project: 'previews', tier: 'small' },
  }

  it('count where an application says nothing, key by key, and a list is taken whole', () => {
    const own = { when: { drafts: true }, gate: { checks: ['test'] }, values: { tier: 'large' } }
    expect(of(application(own, { defaults }))).toMatchObject({
      when: { drafts: true, bots: true, forks: 'approved', labels: { any: ['preview'], none: [] } },
      gate: { checks: ['test'], timeoutMs: 300_000, image: false, pin: false },
      values: { project: 'previews', tier: 'large' },
    })
  })

  it('are off when left out', () => {
    expect(of(application({}))).toMatchObject({ gate: null, when: { forks: 'never', authors: 'any' } })
  })

  it.each([
    [{ gate: { imag: true } }, 'defaults.gate.imag'],
    [{ when: { forks: 'always' } }, 'defaults.when.forks'],
    [{ url: 'https://x.dev' }, 'defaults.url'],
  ])('a fault in them is told there: %j', (wrong, path) => {
    expect(problemsIn(application({}, { defaults: wrong })).map((problem) => problem.path)).toEqual([path])
  })
})

it('law 10: values are shown as they are written, without what a variable gave', () => {
  const own = { values: { tier: 'small', region: '${REGION}', list: ['a-${REGION}', '$${kept}'] } }
  const { config } = load(application(own, { defaults: { values: { project: '${PROJECT}' } } }), {
    REGION: 'eu-secret-1',
    PROJECT: 'canary',
  })
  expect(config.applications[0]?.values).toMatchObject({ region: 'eu-secret-1', project: 'canary' })
  expect(config.applications[0]?.shownValues).toEqual({
    project: '${PROJECT}',
    tier: 'small',
    region: '${REGION}',
    list: ['a-${REGION}', '$${kept}'],
  })
})

describe('gates', () => {
  it.each([
    [{ gate: { image: true } }, 'gate.image', 'there is no `image` to look for'],
    [{ gate: { pin: true }, image }, 'gate.pin', 'nothing is pinned that was not looked for'],
    [
      { gate: { checks: ['build', 'mayfly/shop'] } },
      'gate.checks[1]',
      '`mayfly/shop` is a status that Mayfly sets itself',
    ],
    [{ image: { web: 'registry.acme.dev/web:{{title}}' } }, 'image.web', 'free text'],
    [
      { image: '{{slug}}.acme.dev/shop:{{sha}}', gate: { image: true } },
      'image',
      'takes its host from a variable',
    ],
    [
      { image: { web: '{{name}}/web:1' }, gate: { image: true } },
      'image.web',
      'takes its host from a variable',
    ],
    [{ image: { web: 'a b' } }, 'image.web', 'gives no name of an image'],
  ])('%j: told', (own, place, words) => {
    const problems = problemsIn(application(own))
    expect(problems.map(({ path }) => path)).toEqual([`applications[0].${place}`])
    expect(problems[0]?.message).toContain(words)
  })

  it('takes a host from the operator’s own values', () => {
    const own = {
      image: '{{values.registry}}/shop:{{sha}}',
      values: { registry: 'registry.acme.dev' },
      gate: { image: true },
    }
    expect(of(application(own))?.gate?.image).toBe(true)
  })

  it('takes several images, and numbers and truths from variables', () => {
    const own = { image: { web: image, api: image }, gate: { image: 'true', pin: true, timeout: '1h' } }
    expect(of(application(own))).toMatchObject({
      image: { web: image, api: image },
      gate: { image: true, pin: true, timeoutMs: 3_600_000 },
    })
  })
})

describe('limits, registries and commands', () => {
  it('have no limit, no registry and the prefix /preview when left out', () => {
    expect(load(application({})).config).toMatchObject({
      limits: { total: null, perApplication: null, perAuthor: null, perRepository: null, whenFull: 'wait' },
      removalsWhilePaused: false,
      registries: [],
      dockerConfig: null,
      commands: null,
    })
  })

  it('a password of a registry is a secret', () => {
    const registries = [{ host: 'registry.acme.dev', username: 'mayfly', password: 'hunter2-hunter2' }]
    const { config } = load(application({}, { registries }))
    expect(JSON.stringify(config)).not.toContain('hunter2')
    expect(config.registries[0]?.password?.reveal()).toBe('hunter2-hunter2')
  })

  it.each([
    [{ registries: [{ host: 'a.dev' }, { host: 'a.dev' }] }, 'registries[1].host'],
    [{ registries: [{ host: 'a.dev', password: 'secret-of-acme' }] }, 'registries[0].password'],
    [{ registries: [{ host: 'a.dev', username: 'x' }] }, 'registries[0].username'],
    [{ limits: { total: 0 } }, 'limits.total'],
    [{ limits: { perauthor: 1 } }, 'limits.perauthor'],
    [{ commands: { prefix: 'preview' } }, 'commands.prefix'],
  ])('%j: told', (top, path) => {
    expect(problemsIn(application({}, top)).map((problem) => problem.path)).toEqual([path])
  })
})
