import { RetryLater, Stalled } from '../../preview/errors.ts'
import type { GitFailure } from './git-error.ts'

/**
 * What a failure of git means for the work: `away` the server cannot be reached or is ill, `unauthorised` it does not
 * know us, `refused` it knows us and says no, `elsewhere` it points to another address, `missing` the branch is not there, `moved` somebody was faster, `damaged`
 * the clone (or anything else we have no name for: a new clone may help).
 */
export type FailureKind = 'away' | 'unauthorised' | 'refused' | 'elsewhere' | 'missing' | 'moved' | 'damaged'

/** Printed by our pre-push hook when the branch is not where this process believes it to be. */
export const guardMessage = 'mayfly: the branch is not where it was'

const signs: readonly (readonly [FailureKind, RegExp])[] = [
  ['moved', new RegExp(guardMessage)],
  ['moved', /\[rejected\].*\((fetch first|non-fast-forward|stale info|needs force)\)/i],
  [
    'moved',
    /\[remote rejected\].*\((.*cannot lock ref|failed to update ref|failed to lock|incorrect old value|reference already exists|.*but expected|Unable to create '.*\.lock')/i,
  ],
  ['moved', /reference already exists|remote ref .* is at .* but expected/i],
  ['away', /\[remote rejected\].*unpack/i],
  ['refused', /\[remote rejected\]/i],
  ['missing', /couldn't find remote ref|Remote branch .* not found in upstream/i],
  [
    'unauthorised',
    /returned error: 401|Authentication failed|could not read Username|could not read Password|Permission denied \(publickey|invalid credentials/i,
  ],
  ['elsewhere', /returned error: 30[0-9]|redirect/i],
  [
    'refused',
    /returned error: (403|404|410)|repository '.*' not found|Repository not found|does not appear to be a git repository|Host key verification failed|access denied|transport '.*' not allowed/i,
  ],
  [
    'away',
    /returned error: (408|429|5\d\d)|Could not resolve host|Failed to connect|Connection (refused|reset|timed out)|Couldn't connect|Empty reply|Operation timed out|early EOF|unexpected disconnect|remote end hung up|RPC failed|Recv failure|Send failure|SSL|TLS|gnutls|Network is unreachable|No route to host|transfer closed|curl \d+|Could not read from remote|invalid server response|not valid: is this a git repository|bad line length|protocol error|unable to access/i,
  ],
]

/** Of the clone itself, whatever the connection then looked like; the server's own lines do not count. */
const damage =
  /corrupt|bad object|object file .* is empty|inflate|pack-objects died|invalid index-pack|unresolved deltas|No space left|\.lock': File exists|not a git repository: |failed to read object|Could not read [0-9a-f]{40}|unable to read (tree|sha1|[0-9a-f]{40})/i

export function classifyGitError(failure: GitFailure): FailureKind {
  const stderr = withoutProgress(failure.stderr)
  const text = `${stderr}\n${failure.stdout}`
  if (failure.timedOut) return 'away'
  if (damage.test(stderr.replace(/^remote:.*$/gm, ''))) return 'damaged'
  return signs.find(([, sign]) => sign.test(text))?.[0] ?? 'damaged'
}

/** What a fetch tells of its own work, addresses and branches among it, is no reason for its end. */
function withoutProgress(stderr: string): string {
  return stderr.replace(/^(POST git-(upload|receive)-pack \(.*|From .*| [ *+=t-] \S.* -> .*)$/gm, '')
}

/** The error for the rest of Mayfly; `where` names repository and branch in words, `movedTo` is where the server points, when it is known. */
export function publicError(
  kind: FailureKind,
  failure: GitFailure,
  where: string,
  movedTo: string | null = null,
): RetryLater | Stalled {
  const words = serverWords(failure)
  const brief = `${briefly[kind]}: whoever operates Mayfly finds its words in the log`
  switch (kind) {
    case 'away':
      return new RetryLater(`${where} cannot be reached now (${words})`, { brief })
    case 'moved':
      return new RetryLater(`${where} keeps moving: others push to it at the same time`, { brief })
    case 'damaged':
      return new RetryLater(
        `the clone of ${where} does not work, not even a new one (${words}): see whether the disk is full`,
        { brief },
      )
    case 'unauthorised':
    case 'missing':
    case 'elsewhere':
    case 'refused':
      return new Stalled(`${where} ${needsHuman(kind, words, movedTo)}`, { brief })
  }
}

/** Where strangers may read it: neither the address nor what the server says. */
const briefly: Readonly<Record<FailureKind, string>> = {
  away: 'the environment repository cannot be reached now',
  moved: 'the environment repository keeps moving',
  damaged: 'the environment repository cannot be read now',
  unauthorised: 'the environment repository does not accept the credentials of Mayfly',
  missing: 'the environment branch does not exist',
  elsewhere: 'the environment repository has moved',
  refused: 'the environment repository refuses the change',
}

function needsHuman(
  kind: Exclude<FailureKind, 'away' | 'moved' | 'damaged'>,
  words: string,
  movedTo: string | null,
): string {
  switch (kind) {
    case 'unauthorised':
      return `does not accept our credentials (${words}): renew environmentRepository.token or the key`
    case 'missing':
      return 'does not exist: create the branch, or set environmentRepository.createBranch: true'
    case 'elsewhere':
      if (movedTo === null) return `has moved (${words}): set environmentRepository.url to where it lives now`
      return `has moved to ${movedTo}: if that is yours, set environmentRepository.url to it`
    case 'refused':
      return `refuses us: ${words}`
  }
}

/** The first lines of what git and the server said; git's own advice and progress left out. */
function serverWords(failure: GitFailure): string {
  const lines = `${withoutProgress(failure.stderr)}\n${rejections(failure.stdout)}`
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter(
      (line) => line !== '' && !/^(hint:|To |Done$|remote:\s*$|error: failed to push some refs)/.test(line),
    )
  if (failure.timedOut) lines.unshift('no answer in time')
  return lines.slice(0, 8).join(' | ').slice(0, 800)
}

/** Of `--porcelain` output only the refused lines. */
function rejections(output: string): string {
  return output
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.split('\t').slice(2).join(' '))
    .join('\n')
}
