import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mergeRequestKey } from '../../src/preview/key.ts'
import { repositoryNamed } from '../../src/sandbox/forge/state.ts'
import type { StandInKind } from '../stand-ins/stand-in-of.ts'
import { failingCells } from '../support/failing-cells.ts'
import type { Position } from '../support/fault-cases.ts'
import { pathOf } from '../support/fault-places.ts'
import { type FaultRounds, startFaultRounds, type Verdict } from '../support/fault-rounds.ts'
import { type Fault, faults } from '../support/faults.ts'
import type { Operation } from '../support/forge-questions.ts'

const ofReading: readonly Operation[] = [
  'read merge request',
  'list open merge requests',
  'read repository',
  'list changed files',
]
const lying = ['404', '403', '500', 'empty list with 200', 'lost items', '304 unasked'] as const

/**
 * Every fault x every request and page x the positions, on a forge with open merge requests and their previews, and what
 * git itself says about the environment repository afterwards. A row, a fault, is a test, which names the cells that fail.
 */
export function describeFaultMatrix(
  kind: StandInKind,
  struckAt: readonly Position[],
  rows: readonly Fault[] = faults,
): void {
  describe(`law 3: the fault matrix on ${kind}, ${struckAt.join(', ')}`, () => {
    let rounds: FaultRounds

    beforeAll(async () => {
      rounds = await startFaultRounds(kind, struckAt)
    }, 120_000)

    afterAll(() => rounds.close())

    it.each(rows)(
      '%s on any one request removes nothing, and is over when it is over',
      { timeout: 240_000 },
      async (fault) => {
        const verdicts = await rounds.round(fault)
        expect([...verdicts.keys()]).toEqual(rounds.cases)
        expect([...verdicts].flatMap(([{ name }, verdict]) => complaint(name, verdict))).toEqual([])
      },
    )

    it('any fault on every answer at once changes nothing', { timeout: 240_000 }, async () => {
      const failing = await failingCells(faults, async (fault) => {
        expect(await rounds.lie(fault, () => true)).toBe('kept')
      })
      expect(failing).toEqual([])
    })

    it.each(ofReading)(
      'when all that is answered to "%s" lies, nothing changes',
      { timeout: 240_000 },
      async (operation) => {
        const failing = await failingCells(lying, async (fault) => {
          expect(await rounds.lie(fault, (question) => question.operation === operation)).toBe('kept')
        })
        expect(failing).toEqual([])
      },
    )

    it('all of these together removed no preview in the whole history', async () => {
      expect(await rounds.removals()).toEqual([])
    })

    it('a repository that answers as another one removes nothing, and a true end does', async () => {
      const { world } = rounds
      const { actions, state } = world.sandbox
      const place = { repository: 'acme/list-a', number: 2 }
      const key = mergeRequestKey({ forge: kind, ...place })
      const own = repositoryNamed(state, place.repository)
      const { id } = own
      actions.setState(place.repository, place.number, 'closed')
      Object.assign(own, { id: 4711 })
      await world.worker().reconcile([key])
      expect(await rounds.removals()).toEqual([])
      Object.assign(own, { id })
      await world.worker().reconcile([key])
      expect(await rounds.removals()).toEqual([pathOf(place)])
    })
  })
}

/** Nothing where all is well. */
function complaint(name: string, { struck, kept, converged }: Verdict): readonly string[] {
  const words = [
    struck ? '' : 'the fault struck nothing',
    kept ? '' : 'the preview was removed',
    converged ? '' : 'what was pushed meanwhile did not arrive',
  ].filter((word) => word !== '')
  return words.length === 0 ? [] : [`${name}: ${words.join(', ')}`]
}
