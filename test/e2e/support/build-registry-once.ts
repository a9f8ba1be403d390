import { buildRegistry } from './build-registry.ts'

/** Before any test, without a test's time limit: the first build takes a minute. */
export async function setup(): Promise<void> {
  await buildRegistry()
}
