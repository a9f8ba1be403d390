/** All benchmarks, one after the other. */
import { spawnSync } from 'node:child_process'

for (const file of ['environment-repository.ts', 'burst.ts', 'forge-calls.ts'])
  if (spawnSync(process.execPath, [`bench/${file}`], { stdio: 'inherit' }).status !== 0) process.exitCode = 1
