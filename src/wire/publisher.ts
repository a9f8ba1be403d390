import type { Clock, Random } from '../pace/clock.ts'
import type { Config, ForgeConfig } from '../config/config.ts'
import type { Forge } from '../forge/port.ts'
import type { Log } from '../log.ts'
import { createPublisher, type Publisher } from '../report/publish.ts'
import type { WriteLimit } from '../report/publish/write-budget.ts'

export interface PublisherParts {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Absent: those that every forge is content with. */
  readonly limits?: readonly WriteLimit[]
}

/** One publisher for all forges; each token keeps its own pace. */
export function createReportPublisher(
  { forges }: Config,
  writers: ReadonlyMap<string, Forge>,
  parts: PublisherParts,
): Publisher {
  return createPublisher({ writers, tokenOf: firstOfSameToken(forges), ...parts })
}

/** The name of the first forge at the same API base with the same token or App. */
function firstOfSameToken(forges: Config['forges']): (name: string) => string {
  const same = (one: ForgeConfig, other: ForgeConfig) =>
    one.api === other.api && secretOf(one) === secretOf(other)
  return (name) => {
    const named = forges.find((forge) => forge.name === name)
    return forges.find((forge) => named !== undefined && same(forge, named))?.name ?? name
  }
}

function secretOf({ token, app }: ForgeConfig): string | undefined {
  return token?.reveal() ?? app?.privateKey.reveal()
}
