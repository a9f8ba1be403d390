import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { ConfigError } from './config/config-error.ts'
import { RetryLater, Stalled } from './preview/errors.ts'
import { UsageError, NotFound } from './commands/errors.ts'
import { readFileSync } from 'node:fs'

/** Exit codes of the public contract. */
const exitCodes = { done: 0, failed: 1, usage: 2, notFound: 3 } as const

/** Runs one command line and gives its exit code; never throws. */
export async function runCli(args: readonly string[]): Promise<number> {
  let code: number = exitCodes.done
  const program = describeProgram(async (run) => {
    code = await runCommand(run)
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
    return code
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
  }
}

type Act = (run: () => Promise<number>) => Promise<void>

function describeProgram(act: Act): Command {
  const program = new Command('mayfly')
    .description('Preview environments for every merge request, through GitOps.')
    .version(readVersion(), '--version', 'print the version')
    .exitOverride()
    .showHelpAfterError('Run mayfly --help to see what it can do.')
    .addHelpText('after', examples)
  addServe(program, act)
  addRender(program, act)
  addWhy(program, act)
  addSweep(program, act)
  addPause(program, act)
  addSandbox(program, act)
  return program
}

const examples = `
Examples:
  mayfly sandbox                                    try it: a forge, a Git server and an agent in one process
  mayfly serve --config mayfly.yaml                 run the service
  mayfly render shop --merge-request 142            show the manifest of a merge request; changes nothing
  mayfly render shop --values example.yaml          the same for made-up values
  mayfly why github:acme/shop#142                   say why it has a preview or none
  mayfly pause --reason 'the cluster is upgraded'   write nothing more until mayfly resume
  mayfly sweep --confirm-removals                   do one full look and let it remove what it must

Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 not found.`

function withConfig(command: Command): Command {
  return command.option('--config <file>', 'the configuration; MAYFLY_CONFIG or mayfly.yaml when left out')
}

function addServe(program: Command, act: Act): void {
  withConfig(program.command('serve'))
    .description('hear webhooks, write manifests, report')
    .action(async (options: { config?: string }) => {
      const { serve } = await import('./commands/serve.ts')
      await act(() => serve(options))
    })
}

function addRender(program: Command, act: Act): void {
  withConfig(program.command('render'))
    .description("print the manifest of one application's preview, or why it is refused; changes nothing")
    .argument('<application>', 'a configured application')
    .option('--merge-request <number>', 'read this merge request from the forge', positive)
    .option('--values <file>', 'YAML that stands for a merge request: number, branch, sha, title, ...')
    .option('--json', 'print JSON')
    .action(async (application: string, options: RenderFlags) => {
      const { renderCommand } = await import('./commands/render.ts')
      await act(() => renderCommand({ ...options, application }))
    })
}

interface RenderFlags {
  readonly config?: string
  readonly mergeRequest?: number
  readonly values?: string
  readonly json?: boolean
}

function addWhy(program: Command, act: Act): void {
  withConfig(program.command('why'))
    .description('say why a merge request has a preview or none, rule by rule; changes nothing')
    .argument('<preview or merge request>', 'shop-142-cart, shop/142 or github:acme/shop#142')
    .option('--url <address>', 'ask the Mayfly that runs there, in the place of a look of its own')
    .option('--json', 'print JSON')
    .action(async (target: string, options: { config?: string; url?: string; json?: boolean }) => {
      const { whyCommand } = await import('./commands/why.ts')
      await act(() => whyCommand({ ...options, target }))
    })
}

function addSweep(program: Command, act: Act): void {
  withConfig(program.command('sweep'))
    .description('one full look at every merge request and every manifest, then end')
    .option('--confirm-removals', 'let it remove more previews at once than the breaker allows')
    .option('--json', 'print JSON')
    .action(async (options: { config?: string; confirmRemovals?: boolean; json?: boolean }) => {
      const { sweepCommand } = await import('./commands/sweep.ts')
      await act(() => sweepCommand(options))
    })
}

function addPause(program: Command, act: Act): void {
  withConfig(program.command('pause'))
    .description('stop every change of previews, on every replica, until mayfly resume')
    .requiredOption('--reason <text>', 'why, one line: comments and /readyz show it')
    .option('--json', 'print JSON')
    .action(async (options: { config?: string; reason: string; json?: boolean }) => {
      const { pauseCommand } = await import('./commands/pause.ts')
      await act(() => pauseCommand(options))
    })
  withConfig(program.command('resume'))
    .description('let previews be changed again')
    .option('--json', 'print JSON')
    .action(async (options: { config?: string; json?: boolean }) => {
      const { pauseCommand } = await import('./commands/pause.ts')
      await act(() => pauseCommand({ ...options, reason: null }))
    })
}

function addSandbox(program: Command, act: Act): void {
  program
    .command('sandbox')
    .description('play one merge request from open to close on this machine, then stay up for hands-on use')
    .option('--once', 'end after the play instead of staying up')
    .option('--port <number>', 'port of Mayfly itself; any free one when left out', positive)
    .action(async (options: { once?: boolean; port?: number }) => {
      const { sandbox } = await import('./commands/sandbox.ts')
      await act(() => sandbox(options))
    })
}

function positive(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.')
  return Number(text)
}

/** Runs a command and words what went wrong; gives the exit code of the public contract. */
async function runCommand(run: () => Promise<number>): Promise<number> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof ConfigError) return complain(error.message, 2)
    if (error instanceof UsageError) return complain(error.message, 2)
    if (error instanceof NotFound) return complain(error.message, 3)
    if (error instanceof RetryLater || error instanceof Stalled) return complain(error.message, 1)
    return complain(error instanceof Error ? (error.stack ?? error.message) : String(error), 1)
  }
}

function complain(message: string, code: number): number {
  process.stderr.write(`${message}\n`)
  return code
}

/** The version of the package this file belongs to, from source or from the build. */
function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest)
    return String(manifest.version)
  return 'unknown'
}
