import type { Config } from '../config/config.ts'
import { machineResolver } from '../network/checked-lookup.ts'
import { createFetch } from '../network/create-fetch.ts'
import type { NetworkEnvironment } from '../network/proxy-for.ts'
import type { Clock } from '../pace/clock.ts'
import { createImageRegistry } from '../registry/create-image-registry.ts'
import type { ImageRegistry } from '../registry/port.ts'

/** The registries of images, asked with the credentials of a configuration. */
export function createImages(
  { registries, dockerConfig }: Config,
  { clock, environment }: { readonly clock: Clock; readonly environment: NetworkEnvironment },
): ImageRegistry {
  return createImageRegistry({
    fetch: (lookup) => createFetch(environment, lookup),
    clock,
    credentials: registries,
    dockerConfig,
    resolve: machineResolver,
  })
}
