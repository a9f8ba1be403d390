import { processEnvironment } from '../config/environment.ts'
import { configPath, readConfig } from '../config/read-config.ts'
import { renderOnce } from '../wire/render-once.ts'
import { NotFound, UsageError } from './errors.ts'
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Application } from '../preview/application.ts'
import { commitSha } from '../preview/brand.ts'
import type { MergeRequest } from '../preview/merge-request.ts'

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

/** Prints the manifest, or why it is refused (exit code 1). Changes nothing anywhere. */
export async function renderCommand(options: {
  readonly application: string
  readonly config?: string
  readonly mergeRequest?: number
  readonly values?: string
  readonly json?: boolean
}): Promise<number> {
  const { mergeRequest, values } = options
  if ((mergeRequest === undefined) === (values === undefined))
    throw new UsageError('say either --merge-request <number> or --values <file>')
  const { config } = await readConfig(configPath(options.config, processEnvironment()), processEnvironment())
  const application = config.applications.find(({ name }) => name === options.application)
  if (application === undefined)
    throw new NotFound(
      `no application ${options.application} is configured; there are ${config.applications.map(({ name }) => name).join(', ')}`,
    )
  const wanted = values === undefined ? (mergeRequest ?? 0) : await readMergeRequestFile(values, application)
  const made = await renderOnce(config, application, wanted)
  if (made === null)
    throw new NotFound(`${application.repository} has no merge request ${mergeRequest ?? ''}`)
  if (options.json === true) process.stdout.write(`${JSON.stringify(made)}\n`)
  else if (made.refusals.length === 0) process.stdout.write(made.content)
  for (const { document, path, rule, message } of made.refusals)
    process.stderr.write(`refused: document ${document}, ${path}: ${message} (rule ${rule})\n`)
  return made.refusals.length === 0 ? 0 : 1
}

/** A merge request as a file makes it up, for trying a template. @throws UsageError naming each problem. */
async function readMergeRequestFile(path: string, { repository }: Application): Promise<MergeRequest> {
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
    openedAt: null,
    author: { login: author, name: author, email: `${author}@noreply.forge.example`, bot: false },
    draft: false,
    fork: false,
    labelsIgnoreCase: false,
    url: `${url}/pulls/${said.number}`,
    repository: { id: '1', fullName: repository, cloneUrl: `${url}.git` },
  }
}
