import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Observation } from '../../src/preview/observation.ts'
import { foldObservations } from '../../src/agent/observe/fold-observations.ts'
import {
  NAMELESS,
  needsReasons,
  withWorkloads,
  type NamespaceState,
  type Observed,
  type WorkloadReasons,
} from '../../src/agent/observe/observed.ts'
import { olderSha, wantedSha } from '../support/agent-samples.ts'

const since = new Date('2026-11-21T12:00:00Z')
const later = new Date('2026-11-21T12:05:00Z')
const words = { details: [], since } as const

const ready: Observation = { kind: 'ready', serving: wantedSha, since }
const deploying: Observation = { kind: 'deploying', serving: olderSha, why: 'starting', ...words }
const degraded: Observation = { kind: 'degraded', serving: olderSha, why: 'not healthy', ...words }
const failed: Observation = { kind: 'failed', serving: olderSha, why: 'refused', ...words }
const removing: Observation = { kind: 'removing', why: 'leaving', held: false, ...words }
const held: Observation = { kind: 'removing', why: 'cannot leave', held: true, ...words }
const absent: Observation = { kind: 'absent' }

const active: NamespaceState = { kind: 'active' }
const gone: NamespaceState = { kind: 'absent' }
const terminating: NamespaceState = { kind: 'terminating', why: 'terminating', held: false, ...words }
const stuck: NamespaceState = { kind: 'terminating', why: 'a finalizer holds it', held: true, ...words }

const standing = { sha: wantedSha }
const removed = { sha: null }

function fold(
  observations: readonly Observation[],
  namespace = active,
  wanted: { sha: typeof wantedSha | null } = standing,
) {
  return foldObservations(observations.map(applied), namespace, wanted).observation
}

function applied(observation: Observation): Observed {
  return { applied: true, observation }
}

describe('with its manifest standing', () => {
  test('it is ready only when all are, since the last of them is', () => {
    expect(fold([ready, { ...ready, since: later }])).toEqual({ ...ready, since: later })
    expect(fold([ready, deploying]).kind).toBe('deploying')
    expect(fold([ready, { ...ready, serving: olderSha }])).toMatchObject({ kind: 'deploying', serving: null })
  })

  test('the worst counts, and the others are told too', () => {
    expect(fold([ready, deploying, degraded, failed])).toEqual({
      ...failed,
      details: ['starting', 'not healthy'],
    })
    expect(fold([deploying, degraded])).toMatchObject({ kind: 'degraded', details: ['starting'] })
  })

  test('what serves is known when all that are not ready serve the same', () => {
    expect(fold([ready, deploying, degraded])).toMatchObject({ serving: olderSha })
    expect(fold([deploying, { ...degraded, serving: null }])).toMatchObject({ serving: null })
  })

  test('nothing at all is absent, a namespace alone is a beginning', () => {
    expect(fold([], gone)).toEqual(absent)
    expect(fold([absent], gone)).toEqual(absent)
    expect(fold([])).toMatchObject({ kind: 'deploying', serving: null })
  })

  test('a terminating namespace is the one before, whatever the objects say', () => {
    expect(fold([ready], terminating)).toMatchObject({ kind: 'removing', why: 'terminating' })
    expect(fold([removing], gone)).toMatchObject({ kind: 'removing', why: 'leaving' })
  })

  test('one object that leaves while others stay is a part that the manifest no longer has', () => {
    expect(fold([ready, removing])).toMatchObject({
      kind: 'deploying',
      why: 'a part that the manifest no longer has is being deleted: leaving',
    })
  })

  test('the wanted commit is applied only when every object says so', () => {
    const half = [applied(deploying), { applied: false, observation: deploying }]
    expect(foldObservations(half, active, standing).applied).toBe(false)
    expect(foldObservations([applied(deploying), applied(absent)], active, standing).applied).toBe(true)
  })
})

describe('with its manifest gone', () => {
  test('it is absent only when nothing is left', () => {
    expect(fold([], gone, removed)).toEqual(absent)
    expect(fold([], active, removed)).toMatchObject({ kind: 'removing', held: false })
    expect(fold([], terminating, removed)).toMatchObject({ kind: 'removing', why: 'terminating' })
    expect(fold([ready], gone, removed)).toMatchObject({
      kind: 'removing',
      why: 'the agent has not deleted it yet',
    })
  })

  test('anything that is being deleted is removing', () => {
    expect(fold([ready, removing], active, removed)).toMatchObject({ kind: 'removing', why: 'leaving' })
  })

  test('what holds it comes first', () => {
    expect(fold([removing], stuck, removed)).toMatchObject({
      held: true,
      why: 'a finalizer holds it',
      details: ['leaving'],
    })
    expect(fold([removing, held], terminating, removed)).toMatchObject({
      held: true,
      why: 'cannot leave',
      details: ['terminating', 'leaving'],
    })
  })

  test('law 12: whatever the objects and the namespace say, it is never ready', () => {
    const any = fc.constantFrom(ready, deploying, degraded, failed, removing, held, absent)
    const sights = fc.constantFrom<NamespaceState>(active, gone, terminating, stuck, { kind: 'unknown' })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 4 }), sights, (observations, sight) =>
        ['removing', 'absent'].includes(fold(observations, sight, removed).kind),
      ),
    )
  })
})

describe('the reasons of the workloads', () => {
  const reasons: WorkloadReasons = { why: 'cannot pull', details: ['late'], since: later, down: false }

  test('come first where it was applied', () => {
    expect(withWorkloads(applied(degraded), reasons)).toEqual({
      ...degraded,
      why: 'cannot pull',
      details: ['late', 'not healthy'],
    })
    expect(withWorkloads(applied(deploying), reasons)).toMatchObject({
      kind: 'deploying',
      why: 'cannot pull',
    })
  })

  test('make it needless to say that the agent names none', () => {
    const nameless = { ...degraded, why: NAMELESS }
    expect(withWorkloads(applied(nameless), reasons)).toMatchObject({ details: ['late'] })
    expect(withWorkloads(applied(nameless), null)).toMatchObject({ why: NAMELESS })
  })

  test('come after the words of the agent where it could not be applied', () => {
    expect(withWorkloads(applied(failed), reasons)).toMatchObject({
      why: 'refused',
      details: ['cannot pull', 'late'],
    })
  })

  test('take away what is said to serve when nothing is available', () => {
    expect(withWorkloads(applied(degraded), { ...reasons, down: true })).toMatchObject({ serving: null })
  })

  test('law 12: are not told while the wanted commit is not in the cluster, nor of what is ready or leaves', () => {
    for (const observation of [deploying, degraded, failed]) {
      expect(withWorkloads({ applied: false, observation }, reasons)).toEqual(observation)
      expect(needsReasons({ applied: false, observation })).toBe(false)
      expect(needsReasons(applied(observation))).toBe(true)
    }
    for (const observation of [ready, removing, absent]) {
      expect(withWorkloads(applied(observation), reasons)).toEqual(observation)
      expect(needsReasons(applied(observation))).toBe(false)
    }
  })

  test('that are not known change nothing', () => {
    expect(withWorkloads(applied(degraded), null)).toEqual(degraded)
  })
})
