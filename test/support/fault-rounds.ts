import { mergeRequestKey } from '../../src/preview/key.ts'
import { headOf } from '../../src/sandbox/forge/state.ts'
import type { StandInKind } from '../stand-ins/stand-in-of.ts'
import { type FaultCase, isAbout, ofOwnUser, ofRounds, positions, signed } from './fault-cases.ts'
import {
  deleteOurComments,
  isTold,
  mergeRequestAt,
  openAll,
  ourComments,
  pathOf,
  placeOf,
} from './fault-places.ts'
import { type FaultWorld, type Hands, startFaultWorld } from './fault-world.ts'
import type { Fault } from './faults.ts'
import type { ProxiedRequest } from './faulty-forge.ts'
import { questionOf } from './forge-questions.ts'

/** How one case ended. */
export interface Verdict {
  /** The fault met Mayfly. */
  readonly struck: boolean
  /** Its preview stands, and no preview was taken away meanwhile. */
  readonly kept: boolean
  /** Once it was over, what was pushed meanwhile stands on the branch, and people are told of it. */
  readonly converged: boolean
}

export interface FaultRounds {
  readonly world: FaultWorld
  /** Of all cases of one fault. */
  round(fault: Fault): Promise<ReadonlyMap<FaultCase, Verdict>>
  /** A push to every merge request that has a case, a sweep, a look at each of them and their reports. */
  pass(hands: Hands, looksAt: 'pushed' | 'all'): Promise<Awaited<ReturnType<Hands['sweep']>>>
  /** Manifests that were removed, by git's own account. */
  removals(since?: string): Promise<readonly string[]>
  close(): Promise<void>
}

/** Ten times what an answer takes on a busy machine. */
const hangMs = 1_000

/** A world with a preview for every open merge request. */
export async function startFaultRounds(kind: StandInKind): Promise<FaultRounds> {
  const world = await startFaultWorld(kind)
  openAll(world.sandbox)
  const context: Context = { kind, world, usual: world.hands() }
  await pass(context, context.usual, 'all')
  return {
    world,
    round: (fault) => round(context, fault),
    pass: (hands, looksAt) => pass(context, hands, looksAt),
    removals: (since) => removals(world, since),
    close: () => world.close(),
  }
}

interface Context {
  readonly kind: StandInKind
  readonly world: FaultWorld
  /** Lives through all faults, and so knows all that it could know wrongly. */
  readonly usual: Hands
}

/** Three passes under the fault, and one when it is over. */
async function round(context: Context, fault: Fault): Promise<ReadonlyMap<FaultCase, Verdict>> {
  const { kind, world, usual } = context
  const { sandbox, proxy, branch } = world
  const base = await branch.tip()
  const hands = fault === 'hang' ? world.hands(hangMs) : usual
  const struck = new Set<FaultCase>()
  for (const [turn] of positions.entries()) {
    proxy.break({
      fault,
      when: (request) => {
        const met = caseOf(context, request)
        if (met === undefined || positions.indexOf(met.position) > turn) return false
        struck.add(met)
        return true
      },
    })
    await pass(context, hands, turn === positions.length - 1 ? 'all' : 'pushed')
    proxy.heal()
  }
  const { complete } = await pass(context, usual, 'pushed')
  const removed = await removals(world, base)
  const heads = await headsOnBranch(world)
  const verdicts = new Map<FaultCase, Verdict>()
  for (const one of ofRounds) {
    const head = heads.get(pathOf(one.place))
    const isRead = one.place.number !== 1 || complete.includes(one.place.repository)
    const landed = head === headOf(mergeRequestAt(sandbox, one.place)) && isRead
    verdicts.set(one, {
      struck: struck.has(one),
      kept: head !== undefined && removed.length === 0,
      converged: landed && isTold(sandbox, one.place),
    })
  }
  for (const one of ofOwnUser) verdicts.set(one, await ownUser(kind, world, fault, one))
  return verdicts
}

function caseOf({ kind, world }: Context, request: ProxiedRequest): FaultCase | undefined {
  const question = questionOf(kind, request)
  const place = question === null ? null : placeOf(world.sandbox, question)
  if (question === null || place === null) return undefined
  return ofRounds.find((one) => isAbout(one, question, place))
}

async function pass({ kind, world }: Context, hands: Hands, looksAt: 'pushed' | 'all') {
  const { sandbox } = world
  for (const { operation, place } of ofRounds) {
    sandbox.deeds.push(place.repository, place.number)
    if (operation === 'create comment') deleteOurComments(sandbox, place)
  }
  const pushed = ofRounds.map(({ place }) => mergeRequestKey({ forge: kind, ...place }))
  const swept = await hands.sweep()
  await hands.look(looksAt === 'all' ? [...new Set([...pushed, ...swept.keys])] : pushed)
  await hands.say()
  return swept
}

/** Three Mayflies of three merge requests who do not know yet who they are. Nothing is to be written on the branch. */
async function ownUser(
  kind: StandInKind,
  world: FaultWorld,
  fault: Fault,
  { position }: FaultCase,
): Promise<Verdict> {
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
  await hands.say()
  proxy.heal()
  await hands.look(keys)
  await hands.say()
  return {
    struck: seen.struck > 0,
    kept: (await branch.tip()) === base,
    converged: places.every((place) => ourComments(sandbox, place).length === 1),
  }
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
