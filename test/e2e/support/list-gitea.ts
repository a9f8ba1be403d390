import { z } from 'zod'
import { callGitea } from './call-gitea.ts'
import type { GiteaAccount } from './gitea-account.ts'

/** All entries of a paged list, for example `listGitea(bot, '/repos/acme/shop/labels', label)`. */
export async function listGitea<T>(account: GiteaAccount, path: string, entry: z.ZodType<T>): Promise<T[]> {
  const all: T[] = []
  const more = path.includes('?') ? '&' : '?'
  for (let page = 1; ; page++) {
    const entries = z.array(entry).parse(await callGitea(account, 'GET', `${path}${more}page=${page}`))
    if (entries.length === 0) return all
    all.push(...entries)
  }
}
