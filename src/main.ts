#!/usr/bin/env node
import { nodeTooOld } from './node-version.ts'

const tooOld = nodeTooOld(process.versions.node)
if (tooOld === null) {
  // Nothing is begun yet that would have to end: who serves listens for itself.
  if (process.argv[2] === 'serve')
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0))
  // Loaded only here: on an older Node some packages fail while they are loaded.
  const { runCli } = await import('./cli.ts')
  process.exitCode = await runCli(process.argv.slice(2))
} else {
  console.error(tooOld)
  process.exitCode = 2
}
