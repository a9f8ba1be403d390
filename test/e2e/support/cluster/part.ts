import { join } from 'node:path'
import { eventually } from '../../../support/eventually.ts'
import { type RunningProcess, startProcess } from '../start-process.ts'
import type { Workspace } from './workspace.ts'

/** A server of the cluster, as it is to be started. */
export interface PartPlan {
  readonly name: string
  readonly file: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** True once it serves; a throw means not yet. */
  readonly ready: () => Promise<boolean>
}

/** A server of the cluster. */
export interface Part {
  readonly name: string
  readonly logFile: string
  /** Ends it by its process id; its state and its ports stay. */
  stop(): Promise<void>
  /** The same, without a chance to tidy up. */
  kill(): Promise<void>
  /** Brings it up again on the same state and ports. */
  start(): Promise<void>
}

/** A minute is far more than any part needs, even on two busy cores. */
const withinMs = 60_000

/**
 * Starts a part, enters it into the workspace, and waits until it serves.
 * @throws Error with its last lines and where the whole log is, when it ends or is not ready within a minute.
 */
export async function startPart(workspace: Workspace, plan: PartPlan): Promise<void> {
  const logFile = join(workspace.logs, `${plan.name}.log`)
  const launch = () =>
    startProcess(plan.file, plan.args, { cwd: workspace.folder, env: plan.env ?? {}, logFile })
  let running = launch()
  workspace.parts.push({
    name: plan.name,
    logFile,
    stop: () => running.stop(),
    kill: () => running.kill(),
    start: async () => {
      if (running.ended()) running = launch()
      await serves(plan, running, logFile)
    },
  })
  await serves(plan, running, logFile)
}

async function serves(plan: PartPlan, running: RunningProcess, logFile: string): Promise<void> {
  const tellWhy = (what: string, cause?: unknown) =>
    new Error(`${plan.name} ${what}. Its last lines (all: ${logFile}):\n${running.lastLines()}`, { cause })
  await eventually(async () => running.ended() || (await plan.ready()), { withinMs, everyMs: 100 }).catch(
    (cause: unknown) => {
      throw tellWhy(`was not ready within ${withinMs / 1000} s`, cause)
    },
  )
  if (running.ended()) throw tellWhy('ended at its start')
}
