import { ConfigError, type Problem } from '../../src/config/config-error.ts'
import type { Path } from '../../src/config/path.ts'
import { type LoadedConfig, loadConfig } from '../../src/config/load.ts'

type Env = Readonly<Record<string, string>>

export function load(text: string, env: Env = {}): LoadedConfig {
  return loadConfig({ path: 'mayfly.yaml', text, env })
}

export function errorOf(text: string, env: Env = {}): ConfigError {
  try {
    load(text, env)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('the configuration was taken')
}

/** The problems of a file; none when it is taken. */
export function problemsIn(text: string, env: Env = {}): readonly Problem[] {
  try {
    load(text, env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

/** A small good file with one value changed (undefined takes it out). JSON is YAML. */
export function fileWith(path: Path, value: unknown): string {
  const file: unknown = structuredClone(smallest)
  const parent = path.slice(0, -1).reduce<Tree>((tree, part) => (tree[part] ??= {}) as Tree, file as Tree)
  const last = path.at(-1)
  if (last !== undefined) parent[last] = value
  return JSON.stringify(file)
}

type Tree = Record<string | number, unknown>

const smallest = {
  forges: [
    {
      name: 'github',
      kind: 'github',
      url: 'https://github.com',
      token: 't',
      webhookSecret: 'sixteen-or-more-characters',
    },
    {
      name: 'lab',
      kind: 'gitlab',
      url: 'https://gitlab.com',
      token: 't',
      webhookSecret: 'sixteen-or-more-characters',
    },
  ],
  environmentRepository: { url: 'https://github.com/acme/environments.git' },
  applications: [{ name: 'shop', forge: 'github', repository: 'acme/shop', template: 'preview.yaml.hbs' }],
}
