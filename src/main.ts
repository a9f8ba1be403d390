#!/usr/bin/env node
import { nodeTooOld } from './node-version.ts'

const tooOld = nodeTooOld(process.versions.node)
if (tooOld === null) {
  // Loaded only here: on an older Node some packages fail while they are loaded.
  const { runCli } = await import('./cli.ts')
  process.exitCode = await runCli(process.argv.slice(2))
} else {
  console.error(tooOld)
  process.exitCode = 2
}
