import { Octokit } from '@octokit/rest'
import { Stalled } from '../../preview/errors.ts'
import type { ForgeCall } from '../http/call.ts'

/** GitHub's REST API as the library describes it: routes, parameter names and types. It sends nothing: our one client does. */
export const { rest: github } = new Octokit({
  request: {
    fetch: () =>
      Promise.reject(new Error('octokit only describes calls; send them by the client of all forges')),
  },
})

type Route = Pick<ForgeCall<unknown>, 'method' | 'path' | 'query' | 'body'>

/** The parts of a call that the library has described, as our client takes them: each segment encoded anew, no host. */
export function route(described: { readonly method: string; readonly url: string }): Route {
  const url = new URL(described.url)
  const query = Object.fromEntries(url.searchParams)
  const body = 'body' in described && typeof described.body === 'object' ? described.body : null
  return {
    method: methodOf(described.method),
    path: url.pathname.split('/').slice(1).map(decodeURIComponent),
    ...(Object.keys(query).length === 0 ? {} : { query }),
    ...(body === null ? {} : { body }),
  }
}

function methodOf(method: string): Route['method'] {
  const known = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).find((one) => one === method)
  if (known === undefined) throw new RangeError(`no method of ours: ${method}`)
  return known
}

/** @throws Stalled when it is not written as owner/name. */
export function ownerAndRepo(repository: string): { readonly owner: string; readonly repo: string } {
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(repository) ?? []
  if (owner === undefined || repo === undefined || /^\.+$/.test(owner) || /^\.+$/.test(repo))
    throw new Stalled(
      `${JSON.stringify(repository.slice(0, 200))} is no repository of a GitHub: write it as owner/name.`,
    )
  return { owner, repo }
}
