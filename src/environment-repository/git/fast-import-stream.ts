import { authorPart } from '../commit-message.ts'
import type { PlannedCommit } from '../commit-plan.ts'

export interface FastImportInput {
  /** A scratch ref of this clone; never the branch itself. */
  readonly ref: string
  /** The tip to build on; null begins a new history. */
  readonly from: string | null
  readonly commits: readonly PlannedCommit[]
  readonly committer: { readonly name: string; readonly email: string }
}

/** All commits as one stream for `git fast-import`, which answers with one commit id per line. Counts are in bytes. */
export function fastImportStream(input: FastImportInput): Buffer {
  const parts: (string | Buffer)[] = ['feature done\n']
  input.commits.forEach((commit, index) => {
    const at = `${Math.floor(commit.at.getTime() / 1000)} +0000`
    const parent = index === 0 ? input.from : `:${index}`
    parts.push(
      `commit ${input.ref}\nmark :${index + 1}\n`,
      `author ${person(commit.author)} ${at}\n`,
      `committer ${person(input.committer)} ${at}\n`,
      ...data(commit.message),
      parent === null ? '' : `from ${parent}\n`,
    )
    for (const { path, content } of commit.edits) {
      if (content === null) parts.push(`D ${plainPath(path)}\n`)
      else parts.push(`M 100644 inline ${plainPath(path)}\n`, ...data(content))
    }
    parts.push(`\nget-mark :${index + 1}\n`)
  })
  parts.push('done\n')
  return Buffer.concat(parts.map((part) => Buffer.from(part as string)))
}

function person({ name, email }: { readonly name: string; readonly email: string }): string {
  return `${authorPart(name, 'unknown')} <${authorPart(email, 'unknown@localhost').replace(/\s/g, '')}>`
}

function data(content: string): (string | Buffer)[] {
  const bytes = Buffer.from(content)
  return [`data ${bytes.length}\n`, bytes, '\n']
}

/** Nothing that fast-import would have to unquote gets this far. */
function plainPath(path: string): string {
  const isPlain =
    /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/.test(path) &&
    !path.split('/').some((part) => /^\.+$|^\.git$/i.test(part))
  if (!isPlain) throw new RangeError(`not a path that is written: ${JSON.stringify(path.slice(0, 200))}`)
  return path
}
