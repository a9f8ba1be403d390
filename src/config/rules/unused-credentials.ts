import type { PartialConfig } from '../draft.ts'
import type { ConfigProblem } from '../finding.ts'
import { parseGitUrl } from '../git-url.ts'

/** A credential that the URL has no use for. */
export function unusedCredentials({ environmentRepository }: PartialConfig): readonly ConfigProblem[] {
  const { url, token, sshKey } = environmentRepository ?? {}
  const scheme = url === undefined ? undefined : parseGitUrl(url)?.scheme
  const overHttp = scheme === 'https' || scheme === 'http'
  return [
    ...(token !== undefined && !overHttp ? [unused('token', 'it is for https')] : []),
    ...(sshKey !== undefined && scheme !== 'ssh' ? [unused('sshKey', 'it is for ssh')] : []),
  ]
}

function unused(key: string, why: string): ConfigProblem {
  return {
    path: ['environmentRepository', key],
    message: 'is not used with this URL',
    hint: `${why}: leave it out`,
  }
}
