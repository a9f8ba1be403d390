import { describeFaultMatrix } from '../../contract/fault-matrix.ts'
import { faults } from '../../support/faults.ts'
import { isThorough } from '../../support/thorough.ts'

describeFaultMatrix('gitea', ['before'], isThorough ? faults : faults.filter((_, index) => index % 3 === 0))
