import { processEnvironment } from '../config/environment.ts'
import { configPath, readConfig } from '../config/read-config.ts'
import { Stalled } from '../preview/errors.ts'
import { whyOnce } from '../wire/why-once.ts'
import { askService } from './ask-service.ts'
import { NotFound } from './errors.ts'
import { readWhyKey, whyTarget } from './why-target.ts'

/** Prints why a preview is there, or why not. With `url` the running service answers, which knows of passes and webhooks too. */
export async function whyCommand(options: {
  readonly target: string
  readonly config?: string
  readonly url?: string
  readonly json?: boolean
}): Promise<number> {
  const explanation = await (options.url === undefined
    ? whyHere(options)
    : askService(options.url, options.target, readWhyKey(options.target)))
  if (options.json === true) process.stdout.write(`${JSON.stringify(explanation)}\n`)
  else process.stdout.write(`${explanation.text.join('\n')}\n`)
  return 0
}

async function whyHere({ target, config: file }: { readonly target: string; readonly config?: string }) {
  const { config } = await readConfig(configPath(file, processEnvironment()), processEnvironment())
  const answer = await whyOnce(config, whyTarget(config.applications, target))
  switch (answer.kind) {
    case 'explained':
      return answer.explanation
    case 'unknown':
      throw new NotFound(answer.why)
    case 'later':
    case 'failed':
      throw new Stalled(answer.why)
  }
}
