import { describeFaultMatrix } from '../../contract/fault-matrix.ts'

/** The whole of it: this one is asked with tags, which Mayfly could remember wrongly, and does not count its lists. */
describeFaultMatrix('github')
