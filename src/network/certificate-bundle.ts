import { createHash } from 'node:crypto'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getCACertificates } from 'node:tls'
import type { NetworkEnvironment } from './proxy-for.ts'

/**
 * `NODE_EXTRA_CA_CERTS` adds authorities to those that Node trusts. Git knows no such variable and takes one file in the place of its
 * own: this writes one with all of them, named by its content, and gives its path. Null: git's own are right, because nothing is added
 * or because `GIT_SSL_CAINFO` names a file already.
 */
export function certificateBundle(variables: NetworkEnvironment, directory: string): string | null {
  const named = (name: string): boolean => (variables[name] ?? '') !== ''
  if (!named('NODE_EXTRA_CA_CERTS') || named('GIT_SSL_CAINFO')) return null
  const kinds = ['bundled', 'system', 'extra'] as const
  const all = [...new Set(kinds.flatMap((kind) => getCACertificates(kind)))].join('\n')
  const path = join(
    directory,
    `authorities-${createHash('sha256').update(all).digest('hex').slice(0, 16)}.pem`,
  )
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  // Several processes may write the same one: whoever reads it sees it whole.
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, all, { mode: 0o600 })
  renameSync(draft, path)
  return path
}
