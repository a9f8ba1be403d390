import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultCases, type FaultCase } from '../support/fault-cases.ts'
import { type FaultRounds, startFaultRounds, type Verdict } from '../support/fault-rounds.ts'
import { faults } from '../support/faults.ts'

const kinds = ['gitea', 'github', 'gitlab'] as const

describe.each(kinds)(`law 3: the fault matrix on %s, ${faults.length * faultCases.length} cases`, (kind) => {
  let rounds: FaultRounds
  const struck = { cases: 0 }

  beforeAll(async () => {
    rounds = await startFaultRounds(kind)
  }, 60_000)

  afterAll(() => rounds.close())

  describe.each(faults)('%s', (fault) => {
    let verdicts: ReadonlyMap<FaultCase, Verdict>

    beforeAll(async () => {
      const t = Date.now()
      verdicts = await rounds.round(fault)
      console.log(kind, fault, Date.now() - t)
    }, 120_000)

    it.each(faultCases)('on "$name" removes nothing, and is over when it is over', (one) => {
      const verdict = verdicts.get(one)
      expect(verdict).toEqual({ struck: true, kept: true, converged: true })
      struck.cases += 1
    })
  })

  it(`removed not one preview in the whole history, by ${faults.length * faultCases.length} faults that struck`, async () => {
    expect(struck.cases).toBe(faults.length * faultCases.length)
    expect(await rounds.removals()).toEqual([])
  })
})
