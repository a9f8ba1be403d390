import { spawn } from 'node:child_process'

export interface RunOptions {
  readonly cwd?: string
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>
  /** What to tell a person whose machine has no such program. */
  readonly whenMissing: string
}

/**
 * Runs a program to its end and gives what it printed, trimmed.
 * @throws Error when it is missing, or with its own last words when it fails.
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  options: RunOptions,
): Promise<string> {
  return await new Promise((resolve, reject) => {
    const child = spawn(file, [...args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', (cause) => {
      reject(new Error(options.whenMissing, { cause }))
    })
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString().trim())
      else
        reject(
          new Error(
            `${file} ${args[0] ?? ''} ended with ${code}: ${lastWords(Buffer.concat([...err, ...out]))}`,
          ),
        )
    })
  })
}

function lastWords(output: Buffer): string {
  return output.toString().trim().slice(-2000)
}
