import type { Clock } from '../../pace/clock.ts'
import type { Log } from '../../log.ts'
import type { Fetch } from '../../network/create-fetch.ts'
import type { ForgeCallReport } from '../http/call.ts'

/** What every forge with a REST API is made from. */
export interface ForgeOptions {
  /** The forge's name in the configuration. */
  readonly name: string
  /** Where people see it, without a trailing slash. */
  readonly url: string
  /** Base of the REST API, without a trailing slash. */
  readonly api: string
  readonly userAgent: string
  /** The way to it. */
  readonly fetch: Fetch
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly clock: Clock
  readonly log: Log
  /** Told of every call, for metrics. */
  readonly onCall: (report: ForgeCallReport) => void
}
