import { describeFaultMatrix } from '../../contract/fault-matrix.ts'

describeFaultMatrix('gitea', ['before'])
