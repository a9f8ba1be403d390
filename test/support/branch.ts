import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'

/** One commit of the environment branch, as an auditor reads it. */
export interface BranchCommit {
  readonly sha: string
  readonly author: string
  readonly committer: string
  readonly subject: string
  readonly trailers: Readonly<Record<string, string>>
  /** `M apps/x.yml`, `D ...`, `A ...`. */
  readonly touched: readonly string[]
}

/** Looks at a bare repository on disk with git itself, never through Mayfly's code. */
export interface Branch {
  /** Names below a directory at the tip, without the inert object. */
  files(directory?: string): Promise<string[]>
  /** The bytes of a file at the tip. */
  file(path: string): Promise<string>
  tip(): Promise<string>
  /** Oldest first, after the seed. */
  commits(): Promise<BranchCommit[]>
  /** Commits as somebody else would, straight into the repository. */
  commitForeign(files: Readonly<Record<string, string | null>>, subject?: string): Promise<string>
  git(...args: readonly string[]): Promise<string>
}

const name = 'dynamic-envs'
const ref = `refs/heads/${name}`

export function openBranch(directory: string): Branch {
  const git = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)('git', ['-C', directory, ...args], {
      maxBuffer: 64 * 1024 * 1024,
    })
    return stdout
  }
  return {
    git,
    files: async (folder = 'apps') =>
      lines(await git('ls-tree', '-r', '--name-only', ref, '--', `${folder}/`))
        .map((path) => path.slice(folder.length + 1))
        .filter((file) => file !== 'mayfly.yml'),
    file: (path) => git('cat-file', 'blob', `${ref}:${path}`),
    tip: async () => (await git('rev-parse', ref)).trim(),
    commits: async () =>
      readCommits(
        await git('log', '--reverse', '--name-status', '--no-renames', '-m', `--format=${format}`, ref),
      ),
    commitForeign: (files, subject = 'somebody else was here') => fastImport(directory, files, subject),
  }
}

const format = '%x01%H%x02%an <%ae>%x02%cn <%ce>%x02%s%x02%(trailers:only,unfold)%x02'

function readCommits(text: string): BranchCommit[] {
  return text
    .split('\u0001')
    .filter((record) => record !== '')
    .map((record) => {
      const [sha = '', author = '', committer = '', subject = '', trailers = '', touched = ''] =
        record.split('\u0002')
      return {
        sha,
        author,
        committer,
        subject,
        trailers: trailersOf(trailers),
        touched: lines(touched).map((line) => line.replace('\t', ' ')),
      }
    })
}

function trailersOf(text: string): Record<string, string> {
  return Object.fromEntries(
    lines(text).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  )
}

async function fastImport(
  directory: string,
  files: Readonly<Record<string, string | null>>,
  subject: string,
): Promise<string> {
  const existing = await promisify(execFile)('git', [
    '-C',
    directory,
    'rev-parse',
    '--verify',
    '-q',
    ref,
  ]).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  )
  const edits = Object.entries(files).map(([path, text]) =>
    text === null ? `D ${path}\n` : `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
  )
  const from = existing === null ? '' : `from ${existing}\n`
  const stream = `commit ${ref}\ncommitter Somebody <somebody@acme.dev> ${Math.floor(Date.now() / 1000)} +0000\ndata ${Buffer.byteLength(subject)}\n${subject}\n${from}${edits.join('')}\n`
  const child = spawn('git', ['-C', directory, 'fast-import', '--quiet', '--date-format=raw'], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const failure: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => failure.push(chunk))
  // What went wrong is in its exit code and words.
  child.stdin.on('error', () => undefined)
  child.stdin.end(stream)
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`the foreign commit failed: ${Buffer.concat(failure).toString()}`)
  return (await promisify(execFile)('git', ['-C', directory, 'rev-parse', ref])).stdout.trim()
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}
