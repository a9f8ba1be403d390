import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'

export interface RunningProcess {
  ended(): boolean
  /** What it printed last, at most 4000 characters. */
  lastLines(): string
  /** Asks it to end, and ends it after ten seconds. */
  stop(): Promise<void>
  /** Ends it at once. */
  kill(): Promise<void>
}

export interface StartOptions {
  readonly cwd: string
  /** Added to this process's environment. */
  readonly env: Readonly<Record<string, string>>
  /** A file that gets everything it prints, behind what is there already. */
  readonly logFile?: string
}

/** One listener ends them all: a cluster has more servers than an event may have listeners. */
const children = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

/** On Linux the kernel ends a child whose parent was killed and could not do it. */
const leash = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'] : []

/** Starts a server that lives at most as long as this process. */
export function startProcess(file: string, args: readonly string[], options: StartOptions): RunningProcess {
  const [program = file, ...rest] = [...leash, file, ...args]
  const child = spawn(program, rest, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const log = options.logFile === undefined ? undefined : createWriteStream(options.logFile, { flags: 'a' })
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4000)
    log?.write(chunk)
  }
  const kill = () => child.kill('SIGKILL')
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  child.on('error', (error) => keep(Buffer.from(error.message)))
  child.once('close', () => {
    children.delete(child)
    log?.end()
  })
  children.add(child)
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
    },
    kill: async () => {
      if (ended()) return
      const closed = once(child, 'close')
      kill()
      await closed
    },
  }
}
