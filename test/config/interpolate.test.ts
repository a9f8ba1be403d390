import { describe, expect, it } from 'vitest'
import { contract, environment } from './contract.ts'
import { fileWith, load, problemsIn } from './given.ts'

function valueOf(written: string, env: Readonly<Record<string, string>> = {}): unknown {
  return load(fileWith(['applications', 0, 'values', 'x'], written), env).config.applications[0]?.values['x']
}

describe('variables', () => {
  it('are filled in anywhere in a text, several times', () => {
    expect(valueOf('a-${ONE}-${TWO}-${ONE}', { ONE: '1', TWO: '2' })).toBe('a-1-2-1')
  })

  it('stand where YAML would see a mapping', () => {
    const text = `${fileWith([], undefined).slice(0, -1)}, queue: {redis: \${URL}, prefix: a}, server: {host: \${HOST}}}`
    const { config } = load(text, { URL: 'redis://localhost', HOST: '::1' })
    expect(config.queue.redis?.reveal()).toBe('redis://localhost')
    expect(config.server.host).toBe('::1')
  })

  it.each([
    'null',
    'true',
    '1e3',
    'a: b',
    '- x',
    '{a: 1}',
    '"',
    "'",
    '# c',
    '*a',
    '!!int 3',
    'x\n  y: z',
    '',
    '${ONE}',
    '$&',
  ])('law 8: a value never becomes structure: %j', (value) =>
    expect(valueOf('${ONE}', { ONE: value })).toBe(value),
  )

  it('may be numbers and switches, which a variable can only write as text', () => {
    const text = fileWith(['server'], { port: '${PORT}', maxBody: '${SIZE}' })
    expect(load(text, { PORT: '9090', SIZE: '2048' }).config.server).toMatchObject({
      port: 9090,
      maxBody: 2048,
    })
    expect(
      load(fileWith(['environmentRepository', 'createBranch'], '${YES}'), { YES: 'true' }).config
        .environmentRepository.createBranch,
    ).toBe(true)
    expect(problemsIn(fileWith(['server', 'port'], '${PORT}'), { PORT: '70000' })).toHaveLength(1)
  })

  it('are escaped by $${', () => {
    expect(valueOf('$${ONE} $${a-b} $$${ONE}', { ONE: '1' })).toBe('${ONE} ${a-b} $${ONE}')
    expect(valueOf('$ONE $$ {ONE}')).toBe('$ONE $$ {ONE}')
  })

  it('that are missing are named with their place, each once', () => {
    expect(problemsIn(contract, { ...environment, GITHUB_TOKEN: undefined as unknown as string })).toEqual([
      {
        path: 'forges[0].token',
        message: 'the environment variable `GITHUB_TOKEN` is not set',
        hint: 'set it, or write `$${GITHUB_TOKEN}` when the text itself is meant',
        line: 7,
      },
    ])
    const paths = problemsIn(contract).map(({ path }) => path)
    expect(paths).toEqual([
      'queue.redis',
      'forges[0].token',
      'forges[0].webhookSecret',
      'environmentRepository.token',
    ])
  })

  it.each([
    [['server', 'port'], 'server.port'],
    [['sweep', 'every'], 'sweep.every'],
    [['forges', 0, 'kind'], 'forges[0].kind'],
    [['forges', 0, 'webhookSecret'], 'forges[0].webhookSecret'],
    [['applications', 0, 'name'], 'applications[0].name'],
    [['applications', 0, 'forge'], 'applications[0].forge'],
  ])('that are missing are the only complaint at their place: %j', (path, place) => {
    const problems = problemsIn(fileWith(path, '${NO}'))
    expect(problems.map((problem) => problem.path)).toEqual([place])
  })

  it('that are nearly right are recognised', () => {
    const [problem] = problemsIn(fileWith(['queue', 'redis'], '${REDIS_ULR}'), { REDIS_URL: 'redis://x' })
    expect(problem?.message).toContain('there is `REDIS_URL`')
  })

  it('that are empty leave a text that is empty', () => {
    expect(problemsIn(fileWith(['queue', 'redis'], '${REDIS_URL}'), { REDIS_URL: '' })).toMatchObject([
      { path: 'queue.redis', message: 'expected a secret, found an empty text' },
    ])
  })

  it.each(['${}', '${a b}', '${1A}', 'x${', '${A:-b}'])('need a name: %s', (written) => {
    expect(problemsIn(fileWith(['applications', 0, 'values', 'x'], written), { A: '1' })).toMatchObject([
      { path: 'applications[0].values.x', message: 'has a `${` without the name of an environment variable' },
    ])
  })

  it('in keys and comments stay as they are', () => {
    const { config } = load(`# \${NOBODY}\n${fileWith(['applications', 0, 'values', '${ONE}'], 'x')}`)
    expect(config.applications[0]?.values).toEqual({ '${ONE}': 'x' })
  })

  it('law 10: what is a secret in one place may not be used in another', () => {
    const text = contract.replace('project: previews', 'project: ${GITHUB_TOKEN}')
    expect(problemsIn(text, environment)).toMatchObject([
      {
        path: 'applications[0].values.project',
        message: '`GITHUB_TOKEN` is a secret elsewhere in this file, and would be shown here',
      },
    ])
  })
})
