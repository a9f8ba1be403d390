import type { Clock } from '../../pace/clock.ts'
import { RetryLater } from '../../preview/errors.ts'

export interface MintedToken {
  readonly token: string
  readonly expiresAt: Date
}

export interface InstallationTokensOptions {
  readonly clock: Clock
  /** The installation on a repository. */
  readonly find: (repository: string) => Promise<number>
  /** Null: that installation is gone. */
  readonly mint: (installation: number) => Promise<MintedToken | null>
}

export interface InstallationTokens {
  token(repository: string): Promise<string>
  /** Forgets that token. A refusal that comes late, of one before it, leaves the newest one alone. */
  renew(repository: string, refused: string): Promise<void>
}

/** A token is good for an hour; what begins with it, a push for example, may take its time. */
const marginMs = 10 * 60_000

/** Tokens by installation, minted when needed, one at a time. Nothing of them is written down. */
export function createInstallationTokens({
  clock,
  find,
  mint,
}: InstallationTokensOptions): InstallationTokens {
  const installations = new Map<string, Promise<number>>()
  const tokens = new Map<number, Promise<MintedToken | null>>()

  return {
    async token(repository) {
      const found = await fresh(await installationOf(repository))
      if (found !== null) return found.token
      installations.delete(keyOf(repository))
      const again = await fresh(await installationOf(repository))
      if (again !== null) return again.token
      throw new RetryLater(`The App's installation on ${repository} is not there though GitHub names it`)
    },
    async renew(repository, refused) {
      // Failures are not remembered: there is nothing to forget.
      const installation = await installations.get(keyOf(repository))?.catch(() => undefined)
      if (installation === undefined) return
      const known = tokens.get(installation)
      const minted = await known?.catch(() => null)
      if (minted?.token === refused && tokens.get(installation) === known) tokens.delete(installation)
    },
  }

  function installationOf(repository: string): Promise<number> {
    return shared(installations, keyOf(repository), () => find(repository))
  }

  async function fresh(installation: number): Promise<MintedToken | null> {
    const known = shared(tokens, installation, () => mint(installation))
    const minted = await known
    if (minted !== null && minted.expiresAt.getTime() - clock.now().getTime() > marginMs) return minted
    // Somebody else may have asked for a new one already.
    if (tokens.get(installation) === known) tokens.delete(installation)
    return minted === null ? null : shared(tokens, installation, () => mint(installation))
  }
}

/** Who asks while the answer is under way shares it; a failure is not remembered. */
function shared<Key, Value>(
  known: Map<Key, Promise<Value>>,
  key: Key,
  make: () => Promise<Value>,
): Promise<Value> {
  const there = known.get(key)
  if (there !== undefined) return there
  const made = make()
  known.set(key, made)
  made.catch(() => {
    if (known.get(key) === made) known.delete(key)
  })
  return made
}

/** GitHub does not tell upper from lower case in names. */
function keyOf(repository: string): string {
  return repository.toLowerCase()
}
