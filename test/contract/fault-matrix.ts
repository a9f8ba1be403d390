import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mergeRequestKey } from '../../src/preview/key.ts'
import { repositoryNamed } from '../../src/sandbox/forge/state.ts'
import type { StandInKind } from '../stand-ins/stand-in-of.ts'
import { faultCases, type FaultCase } from '../support/fault-cases.ts'
import { pathOf } from '../support/fault-places.ts'
import { type FaultRounds, startFaultRounds, type Verdict } from '../support/fault-rounds.ts'
import { faults } from '../support/faults.ts'
import type { Operation } from '../support/forge-questions.ts'

const count = faults.length * faultCases.length
const ofReading: readonly Operation[] = [
  'read merge request',
  'list open merge requests',
  'read repository',
  'list changed files',
]
const lying = ['404', '403', '500', 'empty list with 200', 'lost items', '304 unasked'] as const

/**
 * Every fault x every request and page x three positions, on a forge with open merge requests and their previews, and what
 * git itself says about the environment repository afterwards.
 */
export function describeFaultMatrix(kind: StandInKind): void {
  describe(`law 3: the fault matrix on ${kind}, ${count} cases`, () => {
    let rounds: FaultRounds
    const met = { cases: 0 }

    beforeAll(async () => {
      rounds = await startFaultRounds(kind)
    }, 120_000)

    afterAll(() => rounds.close())

    describe.each(faults)('%s', (fault) => {
      let verdicts: ReadonlyMap<FaultCase, Verdict>

      beforeAll(async () => {
        verdicts = await rounds.round(fault)
      }, 240_000)

      it.each(faultCases)('"$name" removes nothing, and is over when it is over', (one) => {
        expect(verdicts.get(one)).toEqual({ struck: true, kept: true, converged: true })
        met.cases += 1
      })
    })

    it.each(faults)('%s on every answer at once changes nothing', { timeout: 120_000 }, async (fault) => {
      expect(await rounds.lie(fault, () => true)).toBe('kept')
    })

    describe.each(ofReading)('when all that is answered to "%s" lies', (operation) => {
      it.each(lying)('with %s, nothing changes', { timeout: 120_000 }, async (fault) => {
        expect(await rounds.lie(fault, (question) => question.operation === operation)).toBe('kept')
      })
    })

    it(`${count} faults that struck removed 0 previews in the whole history`, async () => {
      expect(met.cases).toBe(count)
      expect(await rounds.removals()).toEqual([])
    })

    it('a repository that answers as another one removes nothing, and a true end does', async () => {
      const { world } = rounds
      const { deeds, state } = world.sandbox
      const place = { repository: 'acme/list-a', number: 2 }
      const key = mergeRequestKey({ forge: kind, ...place })
      const own = repositoryNamed(state, place.repository)
      const { id } = own
      deeds.setState(place.repository, place.number, 'closed')
      Object.assign(own, { id: 4711 })
      await world.hands().look([key])
      expect(await rounds.removals()).toEqual([])
      Object.assign(own, { id })
      await world.hands().look([key])
      expect(await rounds.removals()).toEqual([pathOf(place)])
    })
  })
}
