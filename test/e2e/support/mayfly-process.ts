import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../../support/eventually.ts'
import type { Scene } from './scene.ts'
import { type RunningProcess, startProcess } from './start-process.ts'

const root = join(import.meta.dirname, '../../..')

/** Mayfly as a process of its own, which a test may kill. */
export interface MayflyProcess {
  /** Ends it at once, without a chance to tidy up, and starts another one. */
  killAndStart(): Promise<void>
}

/** Runs an installation as a process of its own while `act` goes on. */
export async function asProcess(
  { cluster, mayfly }: Scene,
  act: (process: MayflyProcess) => Promise<void>,
): Promise<void> {
  await mayfly.stop()
  const folder = await mkdtemp(join(tmpdir(), 'mayfly-process-'))
  const file = join(folder, 'mayfly.yaml')
  await writeFile(file, mayfly.configText, { mode: 0o600 })
  const log = cluster.logs === undefined ? {} : { logFile: join(cluster.logs, `mayfly-${mayfly.kind}.log`) }
  const serve = async () => {
    const args = ['src/main.ts', 'serve', '--config', file]
    const started = startProcess(process.execPath, args, { cwd: root, env: {}, ...log })
    await answers(started, mayfly.url)
    return started
  }
  let running = await serve()
  try {
    await act({
      killAndStart: async () => {
        await running.kill()
        running = await serve()
      },
    })
  } finally {
    await running.kill()
    await rm(folder, { recursive: true, force: true })
    await mayfly.start()
  }
}

async function answers(running: RunningProcess, url: string): Promise<void> {
  const healthy = async () => running.ended() || (await fetch(`${url}/healthz`)).ok
  await eventually(healthy, { withinMs: 120_000, everyMs: 20 })
  if (running.ended()) throw new Error(`Mayfly ended at its start:\n${running.lastLines()}`)
}
