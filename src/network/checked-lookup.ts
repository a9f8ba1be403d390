import type { LookupAddress } from 'node:dns'
import { lookup as askDns } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { forbiddenAddress } from './forbidden-address.ts'

/** All addresses of a host, as DNS tells them. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>

export const machineResolver: Resolve = (host) => askDns(host, { all: true })

/** The host leads to where no address out of a template may lead; `message` says which address and why. */
export class ForbiddenHost extends Error {
  override readonly name = 'ForbiddenHost'
}

/**
 * For `lookup` of a connection: what is checked here is what is connected to, so that no second answer of DNS can come
 * between. One bad address among several refuses them all. `allowed`: addresses that tests may use all the same.
 */
export function checkedLookup(resolve: Resolve, allowed: readonly string[]): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then(
      (addresses) => {
        const error = refusalOf(host, addresses, allowed)
        const [first] = addresses
        if (error !== null || first === undefined) callback(error ?? nothing(host), '')
        else if (options.all === true) callback(null, [...addresses])
        else callback(null, first.address, first.family)
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : nothing(host), '')
      },
    )
  }
}

/** Node asks no `lookup` about a host that is an address already. @throws ForbiddenHost */
export function checkLiteral(host: string, allowed: readonly string[]): void {
  const error = refusalOf(host, [{ address: host }], allowed)
  if (error !== null) throw error
}

function refusalOf(
  host: string,
  addresses: readonly Pick<LookupAddress, 'address'>[],
  allowed: readonly string[],
): ForbiddenHost | null {
  for (const { address } of addresses) {
    const what = allowed.includes(address) ? null : forbiddenAddress(address)
    if (what !== null)
      return new ForbiddenHost(
        host === address ? `${address} is ${what}` : `${host} leads to ${address}, ${what}`,
      )
  }
  return null
}

function nothing(host: string): Error {
  return Object.assign(new Error(`no address for ${host}`), { code: 'ENOTFOUND' })
}
