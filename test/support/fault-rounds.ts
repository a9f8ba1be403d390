import { type MergeRequestKey, mergeRequestKey } from '../../src/preview/key.ts'
import { headOf } from '../../src/sandbox/forge/state.ts'
import type { StandInKind } from '../stand-ins/stand-in-of.ts'
import { type FaultCase, isAbout, ofOwnUser, ofRounds, positions, reported, signed } from './fault-cases.ts'
import {
  deleteOurComments,
  mergeRequestAt,
  openAll,
  ourComments,
  pathOf,
  placeOf,
  says,
} from './fault-places.ts'
import { type FaultWorld, type Hands, startFaultWorld } from './fault-world.ts'
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
  /** Of all cases of one fault. */
  round(fault: Fault): Promise<ReadonlyMap<FaultCase, Verdict>>
  /** A sweep, and a look at everything that has a case, while what fits lies. Gives whether anything was written on the branch. */
  lie(fault: Fault, fits: (question: Question) => boolean): Promise<'kept' | 'written'>
  /** Manifests that were removed, by git's own account. */
  removals(since?: string): Promise<readonly string[]>
  close(): Promise<void>
}

const hangMs = 400
/** On a busy machine more than what hangs may take too long: then a request is struck in a later pass. */
const mostPasses = 9

/** A world with a preview for every open merge request. */
export async function startFaultRounds(kind: StandInKind): Promise<FaultRounds> {
  const world = await startFaultWorld(kind)
  openAll(world.sandbox)
  const usual = world.hands()
  const { keys } = await usual.sweep()
  const context: Context = { kind, world, usual, keys }
  await usual.look(keys)
  await pass(context, usual, 'pushed')
  return {
    world,
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
  readonly usual: Hands
  /** All that have a preview. */
  readonly keys: readonly MergeRequestKey[]
}

/** Three passes under the fault, and one when it is over. */
async function round(context: Context, fault: Fault): Promise<ReadonlyMap<FaultCase, Verdict>> {
  const { world, usual } = context
  const { sandbox, proxy, branch } = world
  const base = await branch.tip()
  const hands = handsFor(context, fault)
  const struck = new Set<FaultCase>()
  for (
    let turn = 0;
    turn < positions.length || (struck.size < ofRounds.length && turn < mostPasses);
    turn++
  ) {
    proxy.break({
      fault,
      when: (request) => {
        const met = caseOf(context, request)
        if (met === undefined || positions.indexOf(met.position) > turn) return false
        struck.add(met)
        return true
      },
    })
    await pass(context, hands, turn < positions.length - 1 ? 'pushed' : 'all')
    proxy.heal()
  }
  const { complete } = await pass(context, usual, 'pushed')
  const removed = await removals(world, base)
  const heads = await headsOnBranch(world)
  const verdicts = new Map<FaultCase, Verdict>()
  for (const one of ofRounds) {
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
  for (const one of ofOwnUser) verdicts.set(one, await ownUser(context, fault, one))
  return verdicts
}

function handsFor({ world, usual }: Context, fault: Fault): Hands {
  return fault === 'hang' ? world.hands(hangMs) : usual
}

function caseOf({ kind, world }: Context, request: ProxiedRequest): FaultCase | undefined {
  const question = questionOf(kind, request)
  const place = question === null ? null : placeOf(world.sandbox, question)
  if (question === null || place === null) return undefined
  return ofRounds.find((one) => isAbout(one, question, place))
}

async function pass({ kind, world, keys }: Context, hands: Hands, looksAt: 'pushed' | 'all') {
  const { sandbox } = world
  for (const { operation, place } of ofRounds) {
    sandbox.deeds.push(place.repository, place.number)
    if (operation === 'create comment') deleteOurComments(sandbox, place)
  }
  const swept = await hands.sweep()
  await hands.look(looksAt === 'all' ? keys : keysOf(kind))
  await hands.say([reported])
  return swept
}

/** Those that have a case. */
function keysOf(forge: StandInKind): readonly MergeRequestKey[] {
  return ofRounds.map(({ place }) => mergeRequestKey({ forge, ...place }))
}

/** Three Mayflies of three merge requests who do not know yet who they are. Nothing is to be written on the branch. */
async function ownUser({ kind, world }: Context, fault: Fault, { position }: FaultCase): Promise<Verdict> {
  const { sandbox, proxy, branch } = world
  const hands = world.hands(fault === 'hang' ? hangMs : undefined)
  const places = [1, 2, 3].map((number) => ({ repository: signed, number }))
  const keys = places.map((place) => mergeRequestKey({ forge: kind, ...place }))
  const base = await branch.tip()
  for (const place of places) deleteOurComments(sandbox, place)
  const seen = { asked: 0, struck: 0 }
  proxy.break({
    fault,
    when: (request) => {
      if (questionOf(kind, request)?.operation !== 'read own user') return false
      seen.asked += 1
      const strikes = { before: true, between: seen.asked > 1, after: seen.asked === places.length }[position]
      if (strikes) seen.struck += 1
      return strikes
    },
  })
  await hands.look(keys)
  await hands.say([signed])
  proxy.heal()
  await hands.say([signed])
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
  const { kind, world } = context
  const { proxy, branch } = world
  const base = await branch.tip()
  const hands = handsFor(context, fault)
  proxy.break({
    fault,
    when: (request) => {
      const question = questionOf(kind, request)
      return question === null || fits(question)
    },
  })
  await hands.sweep()
  await hands.look(keysOf(kind))
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
