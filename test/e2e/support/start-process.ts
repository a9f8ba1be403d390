import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface RunningProcess {
  ended(): boolean
  /** What it printed last, at most 4000 characters. */
  lastLines(): string
  /** Asks it to end, and ends it after ten seconds. */
  stop(): Promise<void>
}

/** Starts a server that lives at most as long as this process. */
export function startProcess(
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): RunningProcess {
  const child = spawn(file, [...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4000)
  }
  const kill = () => child.kill('SIGKILL')
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  child.on('error', (error) => keep(Buffer.from(error.message)))
  process.once('exit', kill)
  const ended = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined
  return {
    ended,
    lastLines: () => output,
    stop: async () => {
      if (ended()) return
      const closed = once(child, 'close')
      const impatience = setTimeout(kill, 10_000)
      child.kill('SIGTERM')
      await closed
      clearTimeout(impatience)
      process.off('exit', kill)
    },
  }
}
