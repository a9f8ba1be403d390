import { describeFaultMatrix } from '../../contract/fault-matrix.ts'

describeFaultMatrix('gitlab', ['between'])
