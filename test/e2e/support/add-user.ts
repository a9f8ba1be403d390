import { z } from 'zod'
import { callGitea } from './call-gitea.ts'
import type { GiteaAccount } from './gitea-account.ts'

/** Makes a user with a token for everything. */
export async function addUser(
  operator: GiteaAccount,
  login: string,
  password: string,
): Promise<GiteaAccount> {
  const email = `${login}@acme.example`
  await callGitea(operator, 'POST', '/admin/users', {
    username: login,
    email,
    password,
    must_change_password: false,
  })
  const basic = `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`
  const answer = await fetch(`${operator.url}/api/v1/users/${login}/tokens`, {
    method: 'POST',
    headers: { authorization: basic, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'tests', scopes: ['all'] }),
  })
  const { sha1 } = z.object({ sha1: z.string() }).parse(await answer.json())
  return { url: operator.url, login, token: sha1 }
}
