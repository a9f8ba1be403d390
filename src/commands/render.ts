import { processEnvironment } from '../config/environment.ts'
import { configPath, readConfig } from '../config/read-config.ts'
import { renderOnce } from '../wire/render-once.ts'
import { NotFound } from './not-found.ts'
import { UsageError } from './usage-error.ts'
import { readMergeRequestFile } from './merge-request-file.ts'

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
