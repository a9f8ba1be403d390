import { nearest } from '../nearest.ts'
import { firstLine } from '../preview/first-line.ts'

/** What people may ask for in a comment, by the word they write. */
export const commandVerbs = ['approve', 'evict', 'rollback', 'redeploy'] as const
export type CommandVerb = (typeof commandVerbs)[number]

export type CommandReading = Command | UnfinishedCommand | UnknownCommand

export interface Command {
  readonly kind: 'command'
  readonly verb: CommandVerb
  /** 7 to 40 hexadecimal digits in lower case: of a commit, perhaps not all of them; null: none was written, or none is looked at. */
  readonly sha: string | null
}

/** A verb without the commit that it needs, or with something that is none. */
export interface UnfinishedCommand {
  readonly kind: 'unfinished'
  readonly verb: CommandVerb
  /** What to write, for example `/preview approve <commit>`. Holds nothing that the comment said. */
  readonly write: string
}

export interface UnknownCommand {
  readonly kind: 'unknown'
  /** The verb as it was written, short and harmless enough to be given back; empty: there was none. */
  readonly said: string
  /** What was most likely meant; null: nothing is near. */
  readonly nearest: CommandVerb | null
}

/** Whether a verb takes a commit. */
const commits: Readonly<Record<CommandVerb, 'needed' | 'welcome' | 'none'>> = {
  approve: 'needed',
  evict: 'none',
  rollback: 'welcome',
  redeploy: 'none',
}

/**
 * The command that a comment begins with: `prefix`, spaces, a verb, and what the verb takes; null: no command. Only its
 * first line counts, so that what is quoted, or explained in code, is none; further words of that line are not looked at.
 */
export function readCommand(body: string, prefix: string): CommandReading | null {
  const line = firstLine(body)
  if (line?.startsWith(prefix) !== true) return null
  const rest = line.slice(prefix.length)
  // `/previews` is another word.
  if (rest !== '' && !/^\s/.test(rest)) return null
  const [said = '', argument] = rest.trim().split(/\s+/)
  const verb = commandVerbs.find((known) => known === said.toLowerCase())
  return verb === undefined ? unknown(said) : commandOf(verb, argument ?? null, prefix)
}

function commandOf(verb: CommandVerb, argument: string | null, prefix: string): CommandReading {
  const takes = commits[verb]
  if (takes === 'none') return { kind: 'command', verb, sha: null }
  if (argument === null && takes === 'welcome') return { kind: 'command', verb, sha: null }
  if (argument !== null && /^[0-9a-f]{7,40}$/i.test(argument))
    return { kind: 'command', verb, sha: argument.toLowerCase() }
  const commit = takes === 'needed' ? '<commit>' : '[<commit>]'
  return { kind: 'unfinished', verb, write: `${prefix} ${verb} ${commit}` }
}

function unknown(said: string): UnknownCommand {
  const harmless = said
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '?')
    .slice(0, 20)
  return { kind: 'unknown', said: harmless, nearest: nearestVerb(said) }
}

function nearestVerb(said: string): CommandVerb | null {
  const found = nearest(said, commandVerbs)
  return commandVerbs.find((verb) => verb === found) ?? null
}
