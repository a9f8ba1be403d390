import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Clock } from '../pace/clock.ts'
import type { SandboxUser } from './forge/state.ts'
import type { Sandbox } from './sandbox.ts'

const WITHIN_MS = 30_000
const LOOK_EVERY_MS = 50

export interface Stage {
  readonly sandbox: Sandbox
  readonly clock: Clock
  readonly say: (line: string) => void
}

/** One merge request from open to close: each step waits until its effect can be seen, and shows it. */
export async function runDemo(stage: Stage): Promise<void> {
  const { actions } = stage.sandbox.forge
  const author = developer(stage.sandbox)
  stage.say('1. A developer opens a merge request from the branch feature/login.')
  const { number } = actions.openMergeRequest('acme/shop', {
    branch: 'feature/login',
    title: 'Log in',
    author,
  })
  await shows(stage, number, 'Deploying')
  await showFiles(stage)
  await shows(stage, number, 'Ready')
  stage.say('2. They push another commit: the same file, the same comment.')
  const sha = actions.push('acme/shop', number)
  await shows(stage, number, 'Ready', sha.slice(0, 7))
  stage.say('3. The merge request is merged: the file goes, the comment ends.')
  actions.setState('acme/shop', number, 'merged')
  await shows(stage, number, 'Removed')
  await showFiles(stage)
  stage.say('The whole life, as the branch tells it:')
  for (const line of await git(stage.sandbox, ['log', '--format=  %h %an: %s', 'dynamic-envs', '--']))
    stage.say(line)
}

function developer({ forge }: Sandbox): SandboxUser {
  const found = forge.state.users.find(({ login }) => login === 'dev')
  if (found === undefined) throw new RangeError('the sandbox has no developer')
  return found
}

/** Waits until Mayfly's comment says `word` (and names `sha`), then prints what a reader sees of it. */
async function shows(stage: Stage, number: number, word: string, sha = ''): Promise<void> {
  const end = stage.clock.monotonicMs() + WITHIN_MS
  for (;;) {
    const body = commentOn(stage.sandbox, number)
    if (body.includes(`</span> ${word}`) && body.includes(sha)) {
      for (const line of visible(body)) stage.say(`   | ${line}`)
      return
    }
    if (stage.clock.monotonicMs() > end)
      throw new Error(`the comment did not say ${word} within ${WITHIN_MS / 1000} s; it says: ${body}`)
    await stage.clock.sleep(LOOK_EVERY_MS)
  }
}

function commentOn({ forge }: Sandbox, number: number): string {
  const [repository] = forge.state.repositories
  return repository?.mergeRequests.find((one) => one.number === number)?.comments.at(0)?.body ?? ''
}

/** The first two lines that a person sees, without markup. */
function visible(body: string): string[] {
  return body
    .replaceAll(/<!--[\s\S]*?-->|<details>[\s\S]*?<\/details>|<[^>]+>/g, '')
    .split('\n')
    .map((line) => line.replace(/^#+ /, '').trim())
    .filter((line) => line !== '')
}

async function showFiles(stage: Stage): Promise<void> {
  const files = await git(stage.sandbox, ['ls-tree', '--name-only', 'dynamic-envs', '--', 'apps/'])
  stage.say(`   files on dynamic-envs: ${files.join(', ')}`)
}

async function git({ environmentDirectory }: Sandbox, args: readonly string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)('git', ['-C', environmentDirectory, ...args])
  return stdout.split('\n').filter((line) => line !== '')
}
