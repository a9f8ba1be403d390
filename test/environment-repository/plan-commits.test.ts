import { describe, expect, it } from 'vitest'
import { emptyHistory } from '../../src/environment-repository/history.ts'
import { planCommits } from '../../src/environment-repository/plan-commits.ts'
import { changeFiles, emptyTreeIndex, indexFile } from '../../src/environment-repository/tree-index.ts'
import type { Edit } from '../../src/environment-repository/port.ts'
import { commitSha } from '../../src/preview/brand.ts'
import { previewId, type PreviewId } from '../../src/preview/preview-id.ts'
import { manifestOf, pathOf, removal } from '../support/proposed-changes.ts'

const now = new Date('2026-01-01T12:00:00Z')
const commit = commitSha('a'.repeat(40))

/** A tip with the manifests of these merge requests. */
function tip(numbers: readonly number[]) {
  const files = numbers.map((number) => {
    const path = pathOf(number)
    const file = indexFile(
      'apps',
      { path, blob: String(number), kind: 'file' },
      Buffer.from(manifestOf(number)),
    )
    return { path, file }
  })
  return changeFiles(emptyTreeIndex, files)
}

function plan(
  standing: readonly number[],
  number: number,
  held: { readonly preview: PreviewId; readonly stillAsked: boolean } | null,
  prompt: 'event' | 'sweep',
  edits: readonly Edit[] = [{ path: pathOf(number), content: null }],
) {
  const [verdict] = planCommits({
    commit,
    tree: tip(standing),
    templates: new Map(),
    history: { ...emptyHistory, held: new Set(held === null ? [] : [held.preview]) },
    breaker: { removedHere: () => 0, isStillAsked: () => held?.stillAsked === true },
    changes: [removal(number, { trigger: prompt, edits })],
    directory: 'apps',
    layout: 'files',
    committer: { name: 'Mayfly', email: 'mayfly@localhost' },
    agentNamespace: 'default',
    now,
    pause: null,
    removalsWhilePaused: false,
  }).decisions
  return verdict?.kind
}

describe('law 7: a removal outside the directory is a mistake of the program, never a commit', () => {
  it.each([
    'README.md',
    'apps/../README.md',
    'apps/deep/shop-1.yml',
    'templates/preview.yaml.hbs',
    'apps/mayfly.yml',
  ])('%s', (path) => {
    expect(plan([1], 1, null, 'event', [{ path, content: null }])).toBe('mistake')
  })
})

describe('law 13: a breaker that has tripped stays so until somebody acts', () => {
  const nine = { preview: previewId('shop', 9), stillAsked: true }

  it('a removal without an event waits as long as a held preview still stands', () => {
    expect(plan([1, 9], 1, nine, 'sweep')).toBe('held')
    expect(plan([1, 9], 9, nine, 'sweep')).toBe('held')
    expect(plan([1, 9], 1, null, 'sweep')).toBe('commit')
  })

  it('an event ends its preview all the same', () => {
    expect(plan([1, 9], 1, nine, 'event')).toBe('commit')
  })

  it('it closes when what was held is gone, or is not asked for any more', () => {
    expect(plan([1], 1, nine, 'sweep')).toBe('commit')
    expect(plan([1, 9], 1, { ...nine, stillAsked: false }, 'sweep')).toBe('commit')
  })
})
