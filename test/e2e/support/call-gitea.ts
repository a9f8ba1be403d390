import type { GiteaAccount } from './gitea-account.ts'

/**
 * One call of Gitea's API, for example `callGitea(operator, 'POST', '/orgs', { username: 'acme' })`.
 * Gives the parsed body, undefined where there is none.
 * @throws Error with the status and Gitea's own words when it refuses.
 */
export async function callGitea(
  account: GiteaAccount,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const answer = await fetch(`${account.url}/api/v1${path}`, {
    method,
    headers: { authorization: `token ${account.token}`, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  })
  const text = await answer.text()
  if (!answer.ok)
    throw new Error(`${method} ${path} as ${account.login}: ${answer.status} ${text.slice(0, 500)}`)
  return text === '' ? undefined : JSON.parse(text)
}
