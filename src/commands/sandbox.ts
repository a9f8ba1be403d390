import { systemClock } from '../pace/clock.ts'
import { processEnvironment } from '../config/environment.ts'
import { runDemo } from '../sandbox/demo.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { stopSignal } from './stop-signal.ts'

/** Plays one merge request's life, then stays up until Ctrl-C; leaves nothing behind. */
export async function sandbox(options: { readonly once?: boolean; readonly port?: number }): Promise<number> {
  const stopped = stopSignal()
  const started = await startSandbox({ port: options.port ?? 0, path: processEnvironment()['PATH'] ?? '' })
  try {
    say(`Mayfly sandbox: a forge, a Git server, an agent stand-in and Mayfly, all in this process.\n`)
    await Promise.race([runDemo({ sandbox: started, clock: systemClock, say }), stopped])
    if (options.once === true) return 0
    say(handsOn(started))
    await stopped
    return 0
  } finally {
    say('Cleaning up: nothing stays behind.')
    await started.close()
  }
}

function handsOn({ mayfly, forge, environmentUrl, configFile }: Sandbox): string {
  return `
It stays up until Ctrl-C. Your turn, in another terminal:

  open      curl -s -X POST -H 'Authorization: token dev' -H 'Content-Type: application/json' \\
              -d '{"head":"cart","base":"main","title":"Cart"}' ${forge.url}/api/v1/repos/acme/shop/pulls
  comment   curl -s -H 'Authorization: token dev' ${forge.url}/api/v1/repos/acme/shop/issues/2/comments
  close     curl -s -X PATCH -H 'Authorization: token dev' -H 'Content-Type: application/json' \\
              -d '{"state":"closed"}' ${forge.url}/api/v1/repos/acme/shop/pulls/2
  files     git clone -b dynamic-envs ${environmentUrl}
  previews  curl -s ${mayfly.url}/api/previews
  metrics   curl -s ${mayfly.url}/metrics
  config    ${configFile}
`
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
