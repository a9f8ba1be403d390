import { readFile } from 'node:fs/promises'
import { ConfigError } from './config-error.ts'
import type { Environment } from './environment.ts'
import { faultyProxies } from '../network/proxy-for.ts'
import { type LoadedConfig, loadConfig } from './load.ts'

/** Where the configuration is: `--config`, else `MAYFLY_CONFIG`, else `mayfly.yaml` of the working directory. */
export function configPath(option: string | undefined, env: Environment): string {
  const named = env['MAYFLY_CONFIG'] ?? ''
  return option ?? (named === '' ? 'mayfly.yaml' : named)
}

/** @throws ConfigError when the file cannot be read, or with every problem in it. */
export async function readConfig(path: string, env: Environment): Promise<LoadedConfig> {
  checkEnvironment(env)
  return loadConfig({ path, text: await textOf(path), env })
}

/** The values are not repeated: a proxy's address may hold a password. */
function checkEnvironment(env: Environment): void {
  const problems = faultyProxies(env).map((name) => ({
    path: name,
    message: 'it holds no address of a proxy',
    hint: 'write it as `http://proxy.acme.dev:3128`',
  }))
  if (problems.length > 0) throw new ConfigError('the environment', problems)
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new ConfigError(path, [
      { path: '', ...unreadable((error as NodeJS.ErrnoException).code ?? 'no code') },
    ])
  }
}

function unreadable(code: string): { readonly message: string; readonly hint: string } {
  const hint = 'name the file with `--config <path>` or `MAYFLY_CONFIG`'
  if (code === 'ENOENT')
    return { message: 'there is no such file', hint: `${hint}, or begin with mayfly.example.yaml` }
  if (code === 'EISDIR') return { message: 'this is a directory', hint }
  if (code === 'EACCES')
    return { message: 'the file may not be read', hint: 'give this user the right to read it' }
  return { message: `the file cannot be read (${code})`, hint }
}
