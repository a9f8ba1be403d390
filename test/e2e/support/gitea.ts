import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../../support/eventually.ts'
import { freePort } from '../../support/free-port.ts'
import { buildGitea, type GiteaBuild } from './build-gitea.ts'
import { addUser } from './add-user.ts'
import type { GiteaAccount } from './gitea-account.ts'
import { giteaSettings } from './gitea-settings.ts'
import { runProgram } from './run-program.ts'
import { startProcess, type RunningProcess } from './start-process.ts'

/** A real Gitea on loopback, empty but for its accounts. */
export interface GiteaServer {
  /** For example `http://127.0.0.1:41235`, without a trailing slash. */
  readonly url: string
  /** Administrator of the installation. */
  readonly operator: GiteaAccount
  /** The account that Mayfly uses. */
  readonly bot: GiteaAccount
  /** Somebody who opens merge requests. */
  readonly developer: GiteaAccount
  /** Somebody without any right on a repository, for forks. */
  readonly stranger: GiteaAccount
  /** The last lines of its log, for the message of a failed test. */
  log(): string
  /** Ends it and removes its folder. */
  stop(): Promise<void>
}

const password = 'only-on-loopback-1'

interface Place {
  readonly build: GiteaBuild
  readonly folder: string
  readonly config: string
  readonly url: string
}

/**
 * Starts a Gitea with its state in a temporary folder; a few seconds, after a first build of minutes.
 * @throws Error with its log when it does not come up within a minute.
 */
export async function startGitea(): Promise<GiteaServer> {
  const place = await preparePlace()
  const token = await addOperator(place)
  const args = ['web', ...where(place)]
  const server = startProcess(place.build.binary, args, { cwd: place.folder, env: environment(place) })
  const stop = async (): Promise<void> => {
    await server.stop()
    await rm(place.folder, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    await answers(place, server)
    const operator: GiteaAccount = { url: place.url, login: 'operator', token }
    const bot = await addUser(operator, 'mayfly-bot', password)
    const developer = await addUser(operator, 'developer', password)
    const stranger = await addUser(operator, 'stranger', password)
    return { url: place.url, operator, bot, developer, stranger, log: () => server.lastLines(), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function preparePlace(): Promise<Place> {
  const build = await buildGitea()
  const folder = await mkdtemp(join(tmpdir(), 'mayfly-gitea-'))
  const config = join(folder, 'app.ini')
  const port = await freePort()
  await writeFile(config, giteaSettings({ folder, port, staticRoot: build.staticRoot }))
  return { build, folder, config, url: `http://127.0.0.1:${port}` }
}

/** The first account can only be made on the machine itself. Warnings stand before the token on the same stream. */
async function addOperator(place: Place): Promise<string> {
  await gitea(place, ['migrate'])
  const who = ['--username', 'operator']
  const account = [
    '--admin',
    '--email',
    'operator@acme.example',
    '--password',
    password,
    '--must-change-password=false',
  ]
  await gitea(place, ['admin', 'user', 'create', ...who, ...account])
  const token = ['--token-name', 'tests', '--scopes', 'all', '--raw']
  const output = await gitea(place, ['admin', 'user', 'generate-access-token', ...who, ...token])
  return output.split('\n').at(-1) ?? ''
}

async function gitea(place: Place, args: readonly string[]): Promise<string> {
  return await runProgram(place.build.binary, [...args, ...where(place)], {
    cwd: place.folder,
    env: environment(place),
    whenMissing: `There is no Gitea at ${place.build.binary} any more; run \`npm run test:e2e\` again.`,
  })
}

function where(place: Place): string[] {
  return ['--config', place.config, '--work-path', place.folder]
}

function environment(place: Place): Record<string, string> {
  return {
    GITEA_I_AM_BEING_UNSAFE_RUNNING_AS_ROOT: 'true',
    HOME: place.folder,
    USER: process.env['USER'] ?? 'root',
  }
}

async function answers(place: Place, server: RunningProcess): Promise<void> {
  const healthy = async () => server.ended() || (await fetch(`${place.url}/api/healthz`)).ok
  await eventually(healthy, { withinMs: 60_000, everyMs: 50 }).catch((cause: unknown) => {
    throw new Error(`Gitea did not come up within a minute:\n${server.lastLines()}`, { cause })
  })
  if (server.ended()) throw new Error(`Gitea ended at its start:\n${server.lastLines()}`)
}
