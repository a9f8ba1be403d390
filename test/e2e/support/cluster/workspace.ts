import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Part } from './part.ts'

/** Where one cluster keeps its things. */
export interface Workspace {
  /** State; removed with `close`. */
  readonly folder: string
  /** One file for each part; stays until the next cluster of this name starts. */
  readonly logs: string
  /** A folder of its own for a part, made on the spot. */
  place(...names: readonly string[]): Promise<string>
  /** Every server that was started, ready or not, in their order. */
  readonly parts: Part[]
  /** Ends the servers, the last one first, and removes the state. */
  close(): Promise<void>
}

/** `name` tells the logs of several test files apart: `<temporary folder>/mayfly-e2e-logs/<name>`. */
export async function createWorkspace(name: string): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'mayfly-cluster-'))
  const logs = join(tmpdir(), 'mayfly-e2e-logs', name)
  await rm(logs, { recursive: true, force: true })
  await mkdir(logs, { recursive: true })
  const parts: Part[] = []
  return {
    folder,
    logs,
    parts,
    place: async (...names) => {
      const place = join(folder, ...names)
      await mkdir(place, { recursive: true })
      return place
    },
    close: async () => {
      for (const part of parts.toReversed()) await part.stop()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
