import { describe, expect, it } from 'vitest'
import { RetryLater } from '../../src/preview/errors.ts'
import { fixture, what, wish } from './publisher-fixture.ts'

describe('what is said', () => {
  it('comment and statuses of one merge request go together, before the next one', async () => {
    const forge = fixture()
    forge.publisher.publish(wish(1, 'ready', ['success']))
    forge.publisher.publish(wish(2, 'ready', ['success']))
    await forge.clock.until(forge.publisher.idle())
    expect(what(forge)).toEqual([
      'comment 1 ready',
      'status mayfly/shop success',
      'comment 2 ready',
      'status mayfly/shop success',
    ])
    expect(forge.written).toEqual([
      'acme-git comment created',
      'acme-git status set',
      'acme-git comment created',
      'acme-git status set',
    ])
  })

  it('what another merge request said on the same commit is asked for, and said over again', async () => {
    const forge = fixture()
    const say = async (number: number, state: 'pending' | 'success') => {
      forge.publisher.publish(wish(number, 'text', [state]))
      await forge.clock.until(forge.publisher.idle())
    }
    await say(1, 'pending')
    await say(2, 'success')
    await say(1, 'pending')
    expect(forge.statuses).toEqual(['pending', 'success', 'pending'].map((state) => `mayfly/shop ${state}`))
    // Only where nobody of us has said a word on that commit nothing need be asked.
    expect(forge.asked).toEqual(['none', 'ask', 'ask'])
  })

  it('a text that was overtaken while it waited is never sent', async () => {
    const forge = fixture()
    forge.publisher.publish(wish(1, 'one'))
    forge.publisher.publish(wish(2, 'one', ['pending']))
    forge.publisher.publish(wish(2, 'two', ['pending']))
    await forge.clock.advance(500)
    forge.publisher.publish(wish(2, 'three', ['success']))
    await forge.clock.until(forge.publisher.idle())
    expect(what(forge)).toEqual(['comment 1 one', 'comment 2 three', 'status mayfly/shop success'])
  })

  it('a text that changes while it is being sent is said afterwards', async () => {
    const forge = fixture()
    forge.publisher.publish(wish(1, 'one'))
    await forge.clock.advance(20)
    forge.publisher.publish(wish(1, 'two'))
    await forge.clock.until(forge.publisher.idle())
    expect(what(forge)).toEqual(['comment 1 one', 'comment 1 two'])
  })

  it('law 6: what this process has said is not even read again', async () => {
    const forge = fixture()
    for (let reconcile = 0; reconcile < 3; reconcile++) {
      forge.publisher.publish(wish(1, 'ready', ['success']))
      await forge.clock.until(forge.publisher.idle())
    }
    expect(forge.calls).toHaveLength(2)
    forge.publisher.publish(wish(1, null, ['success']))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.calls).toHaveLength(2)
  })

  it('want returns at once, whatever the forge does', () => {
    const forge = fixture()
    forge.publisher.publish(wish(1, 'ready'))
    expect(forge.calls).toEqual([])
  })
})

describe('duplicates of the comment', () => {
  it('go one write at a time, after the newest text was said', async () => {
    const forge = fixture()
    forge.comments.set(1, 'old')
    forge.duplicates.set(1, 2)
    forge.publisher.publish(wish(1, 'one'))
    await forge.clock.advance(500)
    forge.publisher.publish(wish(1, 'two'))
    await forge.clock.until(forge.publisher.idle())
    expect(what(forge)).toEqual(['comment 1 one', 'comment 1 two', 'comment 1 two', 'comment 1 two'])
    expect(forge.written.map((written) => written.split(' ').at(-1))).toEqual([
      'unfinished',
      'unfinished',
      'unfinished',
      'edited',
    ])
    expect(forge.duplicates.get(1)).toBe(0)
  })

  it('that never end are left alone after a while, and hold up nobody', async () => {
    const forge = fixture()
    forge.duplicates.set(1, 1_000)
    forge.publisher.publish(wish(1, 'one'))
    forge.publisher.publish(wish(2, 'two'))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.comments.get(2)).toBe('two')
    expect(forge.calls.length).toBeLessThan(20)
    expect(forge.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
  })
})

describe('comments that are not there', () => {
  it('one that people deleted is written again once, then only edited where it is', async () => {
    const forge = fixture()
    const say = async (body: string) => {
      forge.publisher.publish(wish(1, body))
      await forge.clock.until(forge.publisher.idle())
      return forge.comments.get(1)
    }
    expect(await say('one')).toBe('one')
    forge.comments.delete(1)
    expect(await say('two')).toBe('two')
    expect(await say('three')).toBe('three')
    forge.comments.delete(1)
    expect(await say('four')).toBeUndefined()
    expect(await say('five')).toBeUndefined()
    expect(forge.calls).toHaveLength(5)
    await say('five')
    expect(forge.calls).toHaveLength(5)
  })

  it('one that was only to be edited is written once it may be created, with the same text', async () => {
    const forge = fixture()
    forge.publisher.publish(wish(1, 'one', [], 'skip'))
    await forge.clock.until(forge.publisher.idle())
    forge.publisher.publish(wish(1, 'one', [], 'skip'))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.calls).toHaveLength(1)
    forge.publisher.publish(wish(1, 'one'))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.comments.get(1)).toBe('one')
  })

  it('a locked conversation is remembered quietly', async () => {
    const forge = fixture()
    forge.comments.set(1, 'locked')
    for (let reconcile = 0; reconcile < 3; reconcile++) {
      forge.publisher.publish(wish(1, 'ready'))
      await forge.clock.until(forge.publisher.idle())
    }
    expect(forge.calls).toHaveLength(1)
    expect(forge.log.lines).toEqual([])
  })
})

describe('memory and end', () => {
  it('forgets the longest unwanted reports, never one that waits', async () => {
    const forge = fixture({ remembered: 2 })
    for (let number = 1; number <= 4; number++) forge.publisher.publish(wish(number, 'ready'))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.comments.size).toBe(4)
    for (let number = 5; number <= 8; number++) {
      forge.publisher.publish(wish(number, 'ready'))
      await forge.clock.until(forge.publisher.idle())
    }
    forge.publisher.publish(wish(8, 'ready'))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.calls).toHaveLength(8)
    forge.publisher.publish(wish(1, 'ready'))
    await forge.clock.until(forge.publisher.idle())
    expect(forge.calls.at(-1)).toMatchObject({ what: 'comment 1 ready', wrote: false })
  })

  it('ends the write under way, takes no more reports, and waits for nothing else', async () => {
    const forge = fixture()
    for (let number = 1; number <= 10; number++) forge.publisher.publish(wish(number, 'ready'))
    await forge.clock.advance(1_100)
    const startedAt = forge.clock.now().getTime()
    const stopped = forge.publisher.stop(60_000)
    forge.publisher.publish(wish(11, 'too late'))
    await forge.clock.until(stopped)
    expect(forge.clock.now().getTime() - startedAt).toBeLessThan(1_000)
    const { size } = forge.comments
    expect(size).toBeLessThan(4)
    await forge.clock.until(forge.publisher.idle())
    expect(forge.comments.size).toBe(size)
  })

  it('does not wait for a backoff when it ends, nor for the deadline when all is said', async () => {
    const forge = fixture()
    forge.errors.push(new RetryLater('500'), new RetryLater('500'), new RetryLater('500'))
    forge.publisher.publish(wish(1, 'one'))
    await forge.clock.advance(2_500)
    const startedAt = forge.clock.now().getTime()
    await forge.clock.until(forge.publisher.stop(60_000))
    expect(forge.clock.now().getTime() - startedAt).toBeLessThan(2_000)
  })
})
