import { describeFaultMatrix } from '../../contract/fault-matrix.ts'
import { positions } from '../../support/fault-cases.ts'
import { isThorough } from '../../support/thorough.ts'

/** The whole of it: this one is asked with tags, which Mayfly could remember wrongly, and does not count its lists. */
describeFaultMatrix('github', isThorough ? positions : ['after'])
