import { join } from 'node:path'
import { buildGoModule, type GoModule } from './go-module.ts'

const registry: GoModule = {
  folder: 'registry',
  about: 'the registry of CNCF distribution',
  minutes: 1,
  programs: ['registry'],
  args: ['-ldflags', '-s -w'],
  env: { CGO_ENABLED: '0' },
  renamed: {},
}

/**
 * Builds the registry where that was not done yet, and gives its program.
 * @throws Error with the way out when `go` is missing or the build fails.
 */
export async function buildRegistry(): Promise<string> {
  return join(await buildGoModule(registry), 'registry')
}
