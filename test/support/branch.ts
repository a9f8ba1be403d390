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
  /** As `commitForeign`, with any mode; `bytes` null: a submodule. `mode` null takes the path away. */
  put(path: string, mode: string | null, bytes: Buffer | null): Promise<string>
  /** Mode, kind and id of what is at a path; empty when nothing is. */
  entry(path: string): Promise<string>
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
    commitForeign: (files, subject = 'somebody else was here') =>
      fastImport(
        directory,
        Object.entries(files).map(([path, text]) =>
          text === null ? gone(path) : blob(path, '100644', Buffer.from(text)),
        ),
        subject,
      ),
    put: (path, mode, bytes) =>
      fastImport(directory, [edit(path, mode, bytes)], 'somebody put something odd'),
    entry: async (path) => (await git('ls-tree', ref, '--', path)).split('\t')[0] ?? '',
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

function edit(path: string, mode: string | null, bytes: Buffer | null): Buffer {
  if (mode === null) return gone(path)
  return bytes === null
    ? Buffer.from(`M ${mode} ${'c0ffee'.padEnd(40, '0')} ${path}\n`)
    : blob(path, mode, bytes)
}

function gone(path: string): Buffer {
  return Buffer.from(`D ${path}\n`)
}

function blob(path: string, mode: string, bytes: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`M ${mode} inline ${path}\ndata ${bytes.length}\n`),
    bytes,
    Buffer.from('\n'),
  ])
}

async function fastImport(directory: string, edits: readonly Buffer[], subject: string): Promise<string> {
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
  const from = existing === null ? '' : `from ${existing}\n`
  const stream = `commit ${ref}\ncommitter Somebody <somebody@acme.dev> ${Math.floor(Date.now() / 1000)} +0000\ndata ${Buffer.byteLength(subject)}\n${subject}\n${from}`
  const child = spawn('git', ['-C', directory, 'fast-import', '--quiet', '--date-format=raw'], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const failure: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => failure.push(chunk))
  // What went wrong is in its exit code and words.
  child.stdin.on('error', () => undefined)
  child.stdin.end(Buffer.concat([Buffer.from(stream), ...edits, Buffer.from('\n')]))
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`the foreign commit failed: ${Buffer.concat(failure).toString()}`)
  return (await promisify(execFile)('git', ['-C', directory, 'rev-parse', ref])).stdout.trim()
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}
