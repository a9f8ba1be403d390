import { type MergeRequestKey, mergeRequestKey } from '../../src/preview/key.ts'
import { headOf } from '../../src/sandbox/forge/state.ts'
import type { StandInKind } from '../stand-ins/stand-in-of.ts'
import {
  type FaultCase,
  isAbout,
  ofOwnUser,
  ofRounds,
  type Position,
  positions,
  reported,
  signed,
} from './fault-cases.ts'
import {
  deleteOurComments,
  mergeRequestAt,
  openAll,
  ourComments,
  pathOf,
  placeOf,
  says,
} from './fault-places.ts'
import { type FaultWorld, type Worker, startFaultWorld } from './fault-world.ts'
import type { Fault } from './faults.ts'
import type { ProxiedRequest } from './faulty-forge.ts'
import { type Question, questionOf } from './forge-questions.ts'

/** How one case ended. */
export interface Verdict {
  /** The fault met Mayfly. */
  readonly struck: boolean
  /** Its preview stands, and was not taken away meanwhile either. */
  readonly kept: boolean
  /** Once it was over, what was pushed meanwhile stands on the branch, and people are told of it. */
  readonly converged: boolean
}

export interface FaultRounds {
  readonly world: FaultWorld
  /** In the order of the verdicts. */
  readonly cases: readonly FaultCase[]
  /** Of all cases of one fault. */
  round(fault: Fault): Promise<ReadonlyMap<FaultCase, Verdict>>
  /** A sweep, and a look at everything that has a case, while what fits lies. Gives whether anything was written on the branch. */
  lie(fault: Fault, fits: (question: Question) => boolean): Promise<'kept' | 'written'>
  /** Manifests that were removed, by git's own account. */
  removals(since?: string): Promise<readonly string[]>
  close(): Promise<void>
}

/** How long an adapter waits that meets what hangs. */
const patienceMs = 400
/** On a busy machine other answers may take longer than that: then a request is struck in a later pass, with more patience. */
const mostPasses = 9

/** A world with a preview for every open merge request. */
export async function startFaultRounds(
  kind: StandInKind,
  struckAt: readonly Position[],
): Promise<FaultRounds> {
  const world = await startFaultWorld(kind)
  openAll(world.sandbox)
  const usual = world.worker()
  const isStruck = ({ position }: FaultCase) => struckAt.includes(position)
  const context: Context = {
    kind,
    world,
    usual,
    together: ofRounds.filter(isStruck),
    alone: ofOwnUser.filter(isStruck),
    turns: Math.max(...struckAt.map((position) => positions.indexOf(position))) + 1,
  }
  await usual.reconcile((await usual.sweep()).keys)
  await pass(context, usual)
  return {
    world,
    cases: [...context.together, ...context.alone],
    round: (fault) => round(context, fault),
    lie: (fault, fits) => lie(context, fault, fits),
    removals: (since) => removals(world, since),
    close: () => world.close(),
  }
}

interface Context {
  readonly kind: StandInKind
  readonly world: FaultWorld
  /** Lives through all faults, and so knows all that it could know wrongly. */
  readonly usual: Worker
  /** The cases that share a round. */
  readonly together: readonly FaultCase[]
  readonly alone: readonly FaultCase[]
  /** Passes until every position was struck. */
  readonly turns: number
}

/** Up to three passes under the fault, and one when it is over. */
async function round(context: Context, fault: Fault): Promise<ReadonlyMap<FaultCase, Verdict>> {
  const { world, usual, together, alone, turns } = context
  const { sandbox, proxy, branch } = world
  const base = await branch.tip()
  const struck = new Set<FaultCase>()
  for (let turn = 0; turn < turns || (struck.size < together.length && turn < mostPasses); turn++) {
    proxy.break({
      fault,
      when: (request) => {
        const met = caseOf(context, request)
        if (met === undefined || positions.indexOf(met.position) > turn) return false
        struck.add(met)
        return true
      },
    })
    await pass(context, workerFor(context, fault, turn - turns))
    proxy.heal()
  }
  const { complete } = await pass(context, usual)
  const removed = await removals(world, base)
  const heads = await headsOnBranch(world)
  const verdicts = new Map<FaultCase, Verdict>()
  for (const one of together) {
    const path = pathOf(one.place)
    const head = heads.get(path)
    const landed = head === headOf(mergeRequestAt(sandbox, one.place))
    const { repository } = one.place
    const isTold = repository !== reported || says(sandbox, one.place)
    verdicts.set(one, {
      struck: struck.has(one),
      kept: head !== undefined && !removed.includes(path),
      converged: landed && isTold && complete.includes(repository),
    })
  }
  for (const one of alone) verdicts.set(one, await ownUser(context, fault, one))
  return verdicts
}

/** `again`: how often it was tried for nothing. */
function workerFor({ world, usual }: Context, fault: Fault, again: number): Worker {
  return fault === 'hang' ? world.worker(patienceMs * 2 ** Math.max(again, 0)) : usual
}

function caseOf({ kind, world, together }: Context, request: ProxiedRequest): FaultCase | undefined {
  const question = questionOf(kind, request)
  const place = question === null ? null : placeOf(world.sandbox, question)
  if (question === null || place === null) return undefined
  return together.find((one) => isAbout(one, question, place))
}

async function pass({ kind, world, together }: Context, worker: Worker) {
  const { sandbox } = world
  for (const { operation, place } of together) {
    sandbox.actions.push(place.repository, place.number)
    if (operation === 'create comment') deleteOurComments(sandbox, place)
  }
  const swept = await worker.sweep()
  await worker.reconcile(keysOf(kind, together))
  await worker.publish([reported])
  return swept
}

/** Those that have a case. */
function keysOf(forge: StandInKind, cases: readonly FaultCase[]): readonly MergeRequestKey[] {
  return cases.map(({ place }) => mergeRequestKey({ forge, ...place }))
}

/** A Mayfly that does not know yet who it is, with three comments to write. Nothing is to be written on the branch. */
async function ownUser(context: Context, fault: Fault, { position }: FaultCase): Promise<Verdict> {
  const { kind, world } = context
  const { sandbox, proxy, branch } = world
  const places = [1, 2, 3].map((number) => ({ repository: signed, number }))
  const keys = places.map((place) => mergeRequestKey({ forge: kind, ...place }))
  const base = await branch.tip()
  for (const place of places) deleteOurComments(sandbox, place)
  let worker = context.usual
  const seen = { struck: 0 }
  for (let tries = 0; seen.struck === 0 && tries < mostPasses; tries++) {
    worker = fault === 'hang' ? workerFor(context, fault, tries) : world.worker()
    const count = { asked: 0 }
    proxy.break({
      fault,
      when: (request) => {
        if (questionOf(kind, request)?.operation !== 'read own user') return false
        count.asked += 1
        const strikes = { before: true, between: count.asked > 1, after: count.asked === places.length }[
          position
        ]
        if (strikes) seen.struck += 1
        return strikes
      },
    })
    await worker.reconcile(keys)
    await worker.publish([signed])
    proxy.heal()
  }
  const well = fault === 'hang' ? world.worker() : worker
  await well.reconcile(keys)
  await well.publish([signed])
  return {
    struck: seen.struck > 0,
    kept: (await branch.tip()) === base,
    converged: places.every((place) => ourComments(sandbox, place).length === 1),
  }
}

async function lie(
  context: Context,
  fault: Fault,
  fits: (question: Question) => boolean,
): Promise<'kept' | 'written'> {
  const { kind, world, together } = context
  const { proxy, branch } = world
  const base = await branch.tip()
  const worker = workerFor(context, fault, 0)
  proxy.break({
    fault,
    when: (request) => {
      const question = questionOf(kind, request)
      return question === null || fits(question)
    },
  })
  await worker.sweep()
  await worker.reconcile(keysOf(kind, together))
  proxy.heal()
  return (await branch.tip()) === base ? 'kept' : 'written'
}

async function removals({ branch }: FaultWorld, since?: string): Promise<readonly string[]> {
  const range = since === undefined ? 'dynamic-envs' : `${since}..dynamic-envs`
  const log = ['log', '--diff-filter=D', '--no-renames', '--name-only', '--format=', range]
  return (await branch.git(...log)).split('\n').filter((line) => line !== '')
}

/** By path: the commit that the manifest deploys. */
async function headsOnBranch({ branch }: FaultWorld): Promise<ReadonlyMap<string, string>> {
  const found = await branch.git('grep', '-F', 'mayfly.dev/sha', 'dynamic-envs', '--', 'apps')
  const lines = found.matchAll(/^dynamic-envs:(?<path>[^:]+):.*?(?<sha>[0-9a-f]{40})/gm)
  return new Map([...lines].map(({ groups = {} }) => [groups['path'] ?? '', groups['sha'] ?? '']))
}
