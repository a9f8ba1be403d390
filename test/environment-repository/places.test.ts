import { describe, expect, it } from 'vitest'
import { emptyHistory, extendHistory } from '../../src/environment-repository/history.ts'
import type { CommitPlan } from '../../src/environment-repository/commit-plan.ts'
import { planCommits } from '../../src/environment-repository/plan-commits.ts'
import type { PlaceWish } from '../../src/environment-repository/port.ts'
import { emptyTreeIndex, type TreeIndex } from '../../src/environment-repository/tree-index.ts'
import type { Limits } from '../../src/lifecycle/limits.ts'
import { commitSha } from '../../src/preview/brand.ts'
import { parsePreviewId, previewId } from '../../src/preview/preview-id.ts'
import { creation, removal, change } from '../support/proposed-changes.ts'
import { seededRandom } from '../support/seeded-random.ts'

const limits: Limits = { total: 4, perAuthor: 2, perApplication: null, perRepository: null, whenFull: 'wait' }

interface Server {
  readonly commit: number
  readonly tree: TreeIndex
  readonly history: typeof emptyHistory
}

const idOf = (number: number) => commitSha(number.toString(16).padStart(40, '0'))

function planOn(
  server: Server,
  changes: Parameters<typeof planCommits>[0]['changes'],
  nowMs: number,
): CommitPlan {
  return planCommits({
    commit: idOf(server.commit),
    tree: server.tree,
    history: server.history,
    templates: new Map(),
    breaker: { removedHere: () => 0, isStillAsked: () => false },
    changes,
    directory: 'apps',
    layout: 'files',
    committer: { name: 'Mayfly', email: 'mayfly@localhost' },
    agentNamespace: 'default',
    now: new Date(nowMs),
    pause: null,
    removalsWhilePaused: false,
  })
}

function pushed(server: Server, plan: CommitPlan): Server {
  const facts = plan.commits.map(({ message, at }, index) => ({
    commit: idOf(server.commit + index + 1),
    at,
    message,
  }))
  return {
    commit: server.commit + plan.commits.length,
    tree: plan.tree,
    history: extendHistory(server.history, facts),
  }
}

const authorOf = (number: number) => `github/author-${number % 3}`

function claimOf(number: number): PlaceWish {
  return {
    kind: 'claim',
    limits,
    repositoryOf: () => 'github:acme/shop',
    claim: {
      preview: previewId('shop', number),
      application: 'shop',
      repository: 'github:acme/shop',
      author: authorOf(number),
      at: new Date(number * 1000),
    },
  }
}

/** As a pass writes it where authors are counted. */
function wanted(number: number) {
  const plain = creation(number)
  const edits = plain.edits.map(({ path, content }) => ({
    path,
    content: (content ?? '').replace(
      'mayfly.dev/preview:',
      `mayfly.dev/author: ${authorOf(number)}\n    mayfly.dev/preview:`,
    ),
  }))
  return { ...plain, edits, place: claimOf(number) }
}

describe('limits, counted on the tip inside the single writer', () => {
  it('two replicas never exceed a cap, in 200 random histories, and every place is used', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = seededRandom(seed)
      let server: Server = { commit: 1, tree: emptyTreeIndex, history: emptyHistory }
      const known = [server, server]
      for (let step = 0; step < 40; step += 1) {
        const replica = random() < 0.5 ? 0 : 1
        const now = step * 1000
        const numbers = Array.from(
          { length: 1 + Math.floor(random() * 3) },
          () => 1 + Math.floor(random() * 12),
        )
        const changes = [...new Set(numbers)].map((number) =>
          random() < 0.7 ? wanted(number) : removal(number),
        )
        const tip = known[replica] ?? server
        const plan = planOn(tip, changes, now)
        // The server takes a push only on its own tip: the loser learns of it.
        if (tip.commit === server.commit) server = pushed(server, plan)
        known[replica] = server
        expectWithinLimits(server, seed)
      }
    }
  })

  function expectWithinLimits({ tree }: Server, seed: number): void {
    const standing = [...tree.previews.values()].flatMap(([manifest]) => manifest?.preview ?? [])
    expect(standing.length, `seed ${seed}`).toBeLessThanOrEqual(4)
    const authors = standing.map((preview) => authorOf(parsePreviewId(preview)?.number ?? 0))
    for (const author of new Set(authors))
      expect(authors.filter((one) => one === author).length, `seed ${seed}`).toBeLessThanOrEqual(2)
  }

  it('who waits is remembered on the branch, in the order of the merge requests, until it comes or leaves', () => {
    let server: Server = { commit: 1, tree: emptyTreeIndex, history: emptyHistory }
    const push = (...changes: Parameters<typeof planCommits>[0]['changes']) => {
      const plan = planOn(server, changes, 0)
      server = pushed(server, plan)
      return plan.decisions.map(({ kind }) => kind)
    }
    const queue = () => [...server.history.queue.keys()].toSorted()
    expect(push(wanted(1), wanted(2), wanted(4), wanted(5))).toEqual(['commit', 'commit', 'commit', 'commit'])
    expect(push(wanted(9), wanted(6))).toEqual(['full', 'full'])
    expect(queue()).toEqual(['shop/6', 'shop/9'])
    expect(push(wanted(9))).toEqual(['full'])
    expect(server.history.queue.size).toBe(2)
    expect(push(removal(4))).toEqual(['commit'])
    expect(push(wanted(9))).toEqual(['full'])
    expect(push(wanted(6))).toEqual(['commit'])
    expect(queue()).toEqual(['shop/9'])
    expect(push(change(9, [], { note: { kind: 'leave' } }))).toEqual(['unchanged'])
    expect(queue()).toEqual([])
    expect(push(change(9, [], { note: { kind: 'leave' } }))).toEqual(['unchanged'])
  })

  it('of one author fifty are noted at most, and nobody else is kept from the queue by them', () => {
    let server: Server = { commit: 1, tree: emptyTreeIndex, history: emptyHistory }
    // Every third number is one author's.
    const numbers = Array.from({ length: 70 }, (_, at) => 3 * (at + 1))
    server = pushed(server, planOn(server, numbers.map(wanted), 0))
    expect(server.history.queue.size).toBe(50)
    const others = planOn(server, [wanted(1), wanted(2), wanted(4), wanted(5)], 0)
    expect(others.decisions.map(({ kind }) => kind)).toEqual(['commit', 'commit', 'full', 'full'])
    expect(pushed(server, others).history.queue.size).toBe(52)
  })

  it('an update is never counted, and one batch counts what it has just written', () => {
    let server: Server = { commit: 1, tree: emptyTreeIndex, history: emptyHistory }
    const first = planOn(server, [wanted(1), wanted(4), wanted(7)], 0)
    expect(first.decisions.map(({ kind }) => kind)).toEqual(['commit', 'commit', 'full'])
    server = pushed(server, first)
    const update = {
      ...wanted(1),
      edits: wanted(1).edits.map((edit) => ({ ...edit, content: `${edit.content}# new\n` })),
    }
    expect(planOn(server, [update], 0).decisions.map(({ kind }) => kind)).toEqual(['commit'])
  })
})
