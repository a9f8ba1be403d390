import { z } from 'zod'
import { branch, type Installation } from './installation.ts'
import type { GiteaServer } from './gitea.ts'
import { readStatuses } from './gitea-pull-request.ts'
import { listGitea } from './list-gitea.ts'

const commit = z.object({ sha: z.string(), commit: z.object({ message: z.string() }) })
const comment = z.object({ id: z.number(), body: z.string(), updated_at: z.string() })
const preview = z.object({ name: z.string(), sha: z.string().nullable() })

/** Everything that a Mayfly has written so far. */
export interface Written {
  /** Newest first, as `sha subject`. */
  readonly commits: readonly string[]
  /** With the time of the last edit, by id. */
  readonly comments: ReadonlyMap<number, string>
  /** How many there are of the newest commit, by preview. */
  readonly statuses: ReadonlyMap<string, number>
}

export async function writtenBy({ operator }: GiteaServer, mayfly: Installation): Promise<Written> {
  const { shop, environments } = mayfly
  const log = `/repos/${environments}/commits?sha=${branch}&stat=false`
  const commits = await listGitea(operator, log, commit)
  const comments = await listGitea(operator, `/repos/${shop}/issues/comments`, comment)
  const heads = (await previewsOf(mayfly)).map(async ({ name, sha }) => {
    return [name, (await readStatuses(operator, shop, sha ?? '')).length] as const
  })
  return {
    commits: commits.map(({ sha, commit: { message } }) => `${sha} ${message.split('\n')[0] ?? ''}`),
    comments: new Map(comments.map(({ id, body, updated_at }) => [id, `${updated_at} ${body}`])),
    statuses: new Map(await Promise.all(heads)),
  }
}

/** Those that Mayfly has looked at since it started. */
export async function previewsOf({ url }: Installation): Promise<readonly z.infer<typeof preview>[]> {
  const answer = await fetch(`${url}/api/previews`)
  return z.object({ previews: z.array(preview) }).parse(await answer.json()).previews
}
