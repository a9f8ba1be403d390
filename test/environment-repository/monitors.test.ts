import { mkdirSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createBreakerMonitor } from '../../src/environment-repository/breaker-monitor.ts'
import { cacheDirectory } from '../../src/environment-repository/git/cache-directory.ts'
import { createRepositoryMonitor } from '../../src/environment-repository/repository-monitor.ts'
import { RetryLater } from '../../src/preview/errors.ts'
import { createMemoryRepository } from '../support/memory-repository.ts'
import { creation, pathOf, removal } from '../support/proposed-changes.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

describe('whether the environment repository answers', () => {
  it('is told though passes go on with what is known, and not any more once it answers', async () => {
    const clock = createVirtualClock()
    const repository = createMemoryRepository(clock)
    const answers = { away: true }
    const refresh = (): ReturnType<typeof repository.refresh> =>
      answers.away ? Promise.reject(new RetryLater('it cannot be reached now')) : repository.refresh()
    const monitor = createRepositoryMonitor(clock)
    const watched = monitor.watch({ ...repository, refresh })
    for (let second = 0; second < 60; second += 5) {
      await watched.view()
      monitor.sentences()
      await clock.advance(5_000)
    }
    expect(monitor.sentences()).toEqual([expect.stringContaining('cannot be reached')])
    answers.away = false
    await clock.advance(20_000)
    monitor.sentences()
    await clock.advance(1)
    expect(monitor.sentences()).toEqual([])
  })
})

describe('law 13: what the breaker holds', () => {
  it('is told until it is gone, also when somebody else removed it', async () => {
    const repository = createMemoryRepository(createVirtualClock())
    const monitor = createBreakerMonitor()
    const watched = monitor.watch(repository)
    await watched.change(creation(1))
    repository.answer = { kind: 'held', removals: 6, limit: 5 }
    await watched.change(removal(1, { trigger: 'sweep' }))
    expect(monitor.isHolding()).toBe(true)
    expect(monitor.sentences()).toEqual([expect.stringMatching(/shop\/1\..*confirm-removals/)])
    await watched.refresh()
    expect(monitor.isHolding()).toBe(true)
    repository.push([{ path: pathOf(1), content: null }])
    await watched.refresh()
    expect(monitor.sentences()).toEqual([])
  })
})

describe('where clones are kept', () => {
  const user = process.getuid?.() ?? 0
  const temporary = (): string => mkdtempSync(join(tmpdir(), 'mayfly-test-'))

  it('is one folder that nobody else may enter', () => {
    const folder = temporary()
    expect(cacheDirectory(folder)).toBe(join(folder, `mayfly-of-${user}`))
    expect(cacheDirectory(folder)).toBe(join(folder, `mayfly-of-${user}`))
    expect(statSync(join(folder, `mayfly-of-${user}`)).mode & 0o777).toBe(0o700)
  })

  it.each([
    ['a file', (path: string) => writeFileSync(path, '')],
    ['a link', (path: string) => symlinkSync(tmpdir(), path)],
    ['a link that leads nowhere', (path: string) => symlinkSync('/nowhere', path)],
    ['a folder that others may enter', (path: string) => mkdirSync(path, { mode: 0o755 })],
  ])('is another one where somebody put %s', (_what, put) => {
    const folder = temporary()
    put(join(folder, `mayfly-of-${user}`))
    expect(cacheDirectory(folder)).toMatch(/mayfly-test-\w+\/mayfly-\w{6}$/)
  })
})
