import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Application } from '../preview/application.ts'
import { commitSha } from '../preview/brand.ts'
import type { MergeRequest } from '../preview/merge-request.ts'
import { UsageError } from './usage-error.ts'

const MergeRequestFile = z.strictObject({
  number: z.int().positive().default(1),
  branch: z.string().default('feature/example'),
  targetBranch: z.string().default('main'),
  sha: z
    .string()
    .regex(/^[0-9a-f]{40}$/, 'must be a full commit id of 40 hex characters')
    .default('d4e5f6a7b8c90718293a4b5c6d7e8f9012345678'),
  title: z.string().default('An example'),
  author: z.string().default('dev'),
  labels: z.array(z.string()).default([]),
})

/** A merge request as a file makes it up, for trying a template. @throws UsageError naming each problem. */
export async function readMergeRequestFile(path: string, { repository }: Application): Promise<MergeRequest> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : ''}`)
  })
  const checked = MergeRequestFile.safeParse(parse(text) ?? {})
  if (!checked.success)
    throw new UsageError(`${path} describes no merge request:\n${z.prettifyError(checked.error)}`)
  const { author, sha, ...said } = checked.data
  const url = `https://forge.example/${repository}`
  return {
    ...said,
    sha: commitSha(sha),
    state: 'open',
    author: { login: author, name: author, email: `${author}@noreply.forge.example`, bot: false },
    draft: false,
    fork: false,
    url: `${url}/pulls/${said.number}`,
    repository: { id: '1', fullName: repository, cloneUrl: `${url}.git` },
  }
}
