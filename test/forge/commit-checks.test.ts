import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { CheckReading } from '../../src/forge/commit-checks.ts'
import { commitSha } from '../../src/preview/brand.ts'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'
import type { CheckWish } from '../../src/sandbox/forge/actions.ts'
import { failingCells } from '../support/failing-cells.ts'
import { type Fault, faults } from '../support/faults.ts'
import type { ProxiedRequest } from '../support/faulty-forge.ts'
import { adapterOf, repository, sha, type TestedForge, useTestedForge } from '../support/tested-forge.ts'

type State = CheckReading['state']

function reader(at: () => TestedForge) {
  return {
    set: (wish: CheckWish) => {
      at().sandbox.actions.setCheck(repository, sha, wish)
    },
    read: (...names: readonly string[]) => at().tested.forge.readChecks(repository, sha, names),
    stateOf: async (name: string): Promise<State | undefined> => {
      const [reading] = await at().tested.forge.readChecks(repository, sha, [name])
      return reading?.state
    },
  }
}

/** Everything that each forge says of a commit. */
const words: Readonly<Record<'gitea' | 'github' | 'gitlab', readonly (readonly [string, State])[]>> = {
  gitea: [
    ['success', 'passed'],
    ['skipped', 'passed'],
    ['failure', 'failed'],
    ['error', 'failed'],
    ['warning', 'failed'],
    ['pending', 'pending'],
    ['a word of tomorrow', 'pending'],
  ],
  github: [
    ['success', 'passed'],
    ['failure', 'failed'],
    ['error', 'failed'],
    ['pending', 'pending'],
    ['a word of tomorrow', 'pending'],
  ],
  gitlab: [
    ['success', 'passed'],
    ['skipped', 'passed'],
    ['failed', 'failed'],
    ['canceled', 'failed'],
    ['created', 'pending'],
    ['pending', 'pending'],
    ['running', 'pending'],
    ['manual', 'pending'],
  ],
}

describe.each(['gitea', 'github', 'gitlab'] as const)('what CI says of a commit: %s', (kind) => {
  const at = useTestedForge(kind)
  const { set, read, stateOf } = reader(at)

  it.each(words[kind])('%s is %s', async (state, meaning) => {
    set({ name: 'build', state })
    expect(await stateOf('build')).toBe(meaning)
  })

  it('is told for each name in its order, and is missing where nothing is said', async () => {
    set({ name: 'build', state: 'success', description: 'All is\n\u202ewell', url: 'https://ci.acme.dev/7' })
    set({ name: 'test', state: 'pending' })
    const missing = { name: 'deploy', state: 'missing', description: null, url: null }
    const build = {
      name: 'build',
      state: 'passed',
      description: 'All is well',
      url: 'https://ci.acme.dev/7',
    }
    const test = { name: 'test', state: 'pending', description: null, url: null }
    expect(await read('deploy', 'build', 'test')).toEqual([missing, build, test])
    expect(await read('test', 'test', 'Build')).toEqual([test, test, { ...missing, name: 'Build' }])
  })

  it('asks nothing when nothing is wanted', async () => {
    const before = at().proxy.requests.length
    expect(await read()).toEqual([])
    expect(at().proxy.requests).toHaveLength(before)
  })

  it('is the newest word of a name', async () => {
    const failed = kind === 'gitlab' ? 'failed' : 'failure'
    set({ name: 'build', state: 'pending' })
    set({ name: 'build', state: failed })
    expect(await stateOf('build')).toBe('failed')
    set({ name: 'build', state: 'success' })
    expect(await stateOf('build')).toBe('passed')
  })

  it('is of that commit alone', async () => {
    const pushed = at().sandbox.actions.push(repository, 1)
    at().sandbox.actions.setCheck(repository, pushed, { name: 'build', state: 'success' })
    expect(await stateOf('build')).toBe('missing')
  })

  it('law 4: is found on the last of many pages', async () => {
    for (let n = 1; n <= 120; n++) set({ name: `job ${n}`, state: 'success' })
    const readings = await read('job 1', 'job 60', 'job 120', 'job 121')
    expect(readings.map(({ state }) => state)).toEqual(['passed', 'passed', 'passed', 'missing'])
    expect(at().proxy.requests.filter(({ page }) => page === 60).length).toBeGreaterThan(0)
  })

  it('leads to the web and nowhere else', async () => {
    const addresses = ['javascript:alert(1)', 'ci.acme.dev/7', 'file:///etc/passwd', 'http://ci.acme.dev/7']
    // Of a status GitHub itself keeps nothing but addresses.
    const where = kind === 'github' ? 'check run' : 'status'
    for (const url of addresses) set({ name: url, state: 'success', url, kind: where })
    const readings = await read(...addresses)
    expect(readings.map(({ url }) => url)).toEqual([null, null, null, 'http://ci.acme.dev/7'])
  })

  it('is nothing of a commit that its repository does not have, as long as that answers', async () => {
    const unknown = commitSha('0123456789'.repeat(4))
    const ask = () => at().tested.forge.readChecks(repository, unknown, ['build'])
    expect(await ask()).toMatchObject([{ state: 'missing' }])
    at().sandbox.state.repositories.length = 0
    await expect(ask()).rejects.toBeInstanceOf(Stalled)
  })

  it.each([1, 2, 3])('laws 3 and 4: is an error for every fault on page %d', async (page) => {
    const isPage = (request: ProxiedRequest) => request.page === page && /\/status(?:es)?$/.test(request.path)
    const struck = faults.filter((one) => one !== 'broken Link' && (one !== '404' || page > 1))
    const failing = await failingCells(struck, async (fault: Fault) => {
      at().renew()
      at().proxy.break({ fault, when: isPage })
      const { forge } = fault === 'hang' ? at().impatient(200) : at().tested
      const error: unknown = await forge
        .readChecks(repository, sha, ['ci/1'])
        .catch((thrown: unknown) => thrown)
      const stalls = ['301 elsewhere', '401', '403'].includes(fault)
      expect(error).toBeInstanceOf(stalls ? Stalled : RetryLater)
      at().proxy.heal()
      expect(await read('ci/1')).toMatchObject([{ state: 'passed' }])
    })
    expect(failing).toEqual([])
  })

  it('law 10: stalls on a wrong token, and names the right that it takes', async () => {
    const { forge } = adapterOf(kind, at().sandbox.url, { token: 'canary-wrong-1d9a' })
    const error: unknown = await forge
      .readChecks(repository, sha, ['build'])
      .catch((thrown: unknown) => thrown)
    const right = {
      gitea: 'read:repository',
      github: 'Commit statuses: read',
      gitlab: 'scope api, role Reporter',
    }
    expect(error).toBeInstanceOf(Stalled)
    expect(error).toMatchObject({ right: right[kind] })
    expect(inspect(error)).not.toContain('canary-wrong-1d9a')
  })
})

describe('what CI says of a commit: check runs of a github', () => {
  const at = useTestedForge('github')
  const { set, read, stateOf } = reader(at)
  const run = (state: string, name = 'build') => {
    set({ name, state, kind: 'check run' })
  }

  it.each([
    ['success', 'passed'],
    ['neutral', 'passed'],
    ['skipped', 'passed'],
    ['action_required', 'failed'],
    ['cancelled', 'failed'],
    ['failure', 'failed'],
    ['timed_out', 'failed'],
    ['queued', 'pending'],
    ['in_progress', 'pending'],
    ['waiting', 'pending'],
  ] as const)('%s is %s', async (state, meaning) => {
    run(state)
    expect(await stateOf('build')).toBe(meaning)
  })

  it('say what they found, and where', async () => {
    const url = 'https://ci.acme.dev/7'
    set({ name: 'build', state: 'failure', kind: 'check run', description: '3 tests failed', url })
    expect(await read('build')).toEqual([
      { name: 'build', state: 'failed', description: '3 tests failed', url },
    ])
  })

  it('are newer than those before them', async () => {
    run('cancelled')
    run('success')
    expect(await stateOf('build')).toBe('passed')
  })

  it.each([
    ['success', 'failure', 'failed'],
    ['failure', 'success', 'failed'],
    ['success', 'in_progress', 'pending'],
    ['pending', 'success', 'pending'],
    ['failure', 'in_progress', 'failed'],
    ['success', 'success', 'passed'],
  ] as const)(
    'with a status of the same name: of %s and %s the worse counts',
    async (status, found, worse) => {
      set({ name: 'build', state: status })
      run(found)
      expect(await stateOf('build')).toBe(worse)
    },
  )

  it('law 4: are found on the last of many pages', async () => {
    for (let n = 1; n <= 105; n++) run('success', `job ${n}`)
    expect(await read('job 1', 'job 105', 'job 106')).toMatchObject([
      { state: 'passed' },
      { state: 'passed' },
      { state: 'missing' },
    ])
  })

  it('law 4: are an error when their list moves while it is read', async () => {
    for (let n = 1; n <= 5; n++) run('success', `job ${n}`)
    const isSecondPage = ({ path, page }: ProxiedRequest) => path.endsWith('/check-runs') && page === 2
    at().proxy.meanwhile(isSecondPage, () => {
      run('success', 'job 6')
    })
    await expect(read('job 1')).rejects.toBeInstanceOf(RetryLater)
  })

  const isRuns = ({ path }: ProxiedRequest) => path.endsWith('/check-runs')
  const mayNotSee = () => {
    at().sandbox.actions.grant(repository, 'mayfly-bot', ['read', 'comment', 'status'])
  }

  it('that the token may not see are not needed where every name is a status', async () => {
    mayNotSee()
    expect(await read('ci/1', 'ci/2')).toMatchObject([{ state: 'passed' }, { state: 'passed' }])
  })

  it('that the token may not see stall where a name is none, and the right is named', async () => {
    run('success')
    mayNotSee()
    const refused = expect(read('ci/1', 'build')).rejects
    await refused.toMatchObject({ name: 'Stalled', right: 'Checks: read' })
    at().proxy.break({ fault: '404', when: isRuns })
    await expect(read('build')).rejects.toMatchObject({ name: 'Stalled', right: 'Checks: read' })
    expect(await read('ci/1')).toMatchObject([{ state: 'passed' }])
  })

  it('laws 3 and 4: are an error for every other fault, also where every name is a status', async () => {
    const failing = await failingCells(
      faults.filter((fault) => !['403', '404'].includes(fault)),
      async (fault: Fault) => {
        at().renew()
        run('success')
        at().proxy.break({ fault, when: isRuns })
        const { forge } = fault === 'hang' ? at().impatient(200) : at().tested
        const error: unknown = await forge
          .readChecks(repository, sha, ['ci/1'])
          .catch((thrown: unknown) => thrown)
        expect(error instanceof RetryLater || error instanceof Stalled).toBe(true)
      },
    )
    expect(failing).toEqual([])
  })
})

describe('what CI says of a commit: the pipeline of a gitlab', () => {
  const at = useTestedForge('gitlab')
  const { set, read, stateOf } = reader(at)
  const pipeline = (state: string) => {
    // The pipeline of the commit takes in what was said of it before.
    for (const shop of at().sandbox.state.repositories) shop.statuses.length = 0
    set({ name: '', state, kind: 'pipeline' })
  }

  it.each([
    ['success', 'passed'],
    ['skipped', 'passed'],
    ['failed', 'failed'],
    ['canceled', 'failed'],
    ['running', 'pending'],
    ['manual', 'pending'],
    ['waiting_for_resource', 'pending'],
  ] as const)('%s is %s', async (state, meaning) => {
    pipeline(state)
    expect(await stateOf('pipeline')).toBe(meaning)
  })

  it('is the newest of that commit, with its page, and no job of that name', async () => {
    pipeline('failed')
    pipeline('success')
    const pushed = at().sandbox.actions.push(repository, 1)
    at().sandbox.actions.setCheck(repository, pushed, { name: '', state: 'failed', kind: 'pipeline' })
    set({ name: 'pipeline', state: 'failed' })
    const url = 'https://git.acme.example/acme/shop/-/pipelines/1002'
    expect(await read('pipeline')).toEqual([{ name: 'pipeline', state: 'passed', description: null, url }])
  })

  it('is missing while there is none but the one that our own status made', async () => {
    for (const shop of at().sandbox.state.repositories) shop.statuses.length = 0
    expect(await stateOf('pipeline')).toBe('missing')
    set({ name: 'mayfly/shop', state: 'pending' })
    expect(await stateOf('pipeline')).toBe('missing')
  })

  it('neither waits for our own status in it, nor fails because of it', async () => {
    pipeline('running')
    set({ name: 'build', state: 'success' })
    set({ name: 'mayfly/shop', state: 'pending' })
    expect(await stateOf('pipeline')).toBe('passed')
    pipeline('failed')
    set({ name: 'build', state: 'success' })
    set({ name: 'mayfly/shop', state: 'failed' })
    expect(await stateOf('pipeline')).toBe('passed')
  })

  it.each([
    ['a job that runs', { state: 'running' }, 'pending'],
    ['a job that failed', { state: 'failed' }, 'failed'],
    ['a job that may fail', { state: 'failed', allowFailure: true }, 'passed'],
    ['a job that may fail and still runs', { state: 'running', allowFailure: true }, 'pending'],
    ['a job that waits for a person', { state: 'manual' }, 'pending'],
    ['a job that nobody has to start', { state: 'manual', allowFailure: true }, 'passed'],
  ] as const)('with our own status in it and %s', async (_what, job, meaning) => {
    pipeline('running')
    set({ name: 'mayfly/shop', state: 'pending' })
    set({ name: 'build', state: 'success' })
    set({ name: 'other', ...job })
    expect(await stateOf('pipeline')).toBe(meaning)
  })

  it('laws 3 and 4: is an error for every fault on its list, and is not asked for by other names', async () => {
    const isPipelines = ({ path }: ProxiedRequest) => path.endsWith('/pipelines')
    const failing = await failingCells(
      faults.filter((fault) => fault !== 'broken Link'),
      async (fault: Fault) => {
        at().renew()
        pipeline('success')
        at().proxy.break({ fault, when: isPipelines })
        const { forge } = fault === 'hang' ? at().impatient(200) : at().tested
        const error: unknown = await forge
          .readChecks(repository, sha, ['pipeline'])
          .catch((thrown: unknown) => thrown)
        expect(error instanceof RetryLater || error instanceof Stalled).toBe(true)
        expect(await forge.readChecks(repository, sha, ['build'])).toMatchObject([{ state: 'missing' }])
      },
    )
    expect(failing).toEqual([])
  })
})
