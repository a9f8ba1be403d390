import { plainLine } from '../../preview/plain-line.ts'

const MOST_LINES = 10
const MOST_OF_LINE = 400
const escape = String.fromCodePoint(27)

/** What agents, git, helm and kubelets put around what they mean; or what changes from try to try and would change a comment with it. */
const noise: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`${escape}\\[[0-9;?]*[A-Za-z]`, 'g'), ''],
  // A URL may carry somebody's password.
  [/(:\/\/)[^/\s@]+@/g, '$1'],
  [/([?&][a-z_]*token=)[^&\s'"]+/gi, '$1(hidden)'],
  [/rpc error: code = \w+ desc = /g, ''],
  [/^Failed last sync attempt to \[[^\]]*\]: /, ''],
  [/^Failed to load target state: /, ''],
  [/failed to generate manifest for source \d+ of \d+: /g, ''],
  [/^one or more objects failed to apply, reason: /, ''],
  [/failed to initialize repository resources: /g, ''],
  [/failed to execute helm template command: /g, ''],
  [/failed to get command args to log: /g, ''],
  [/`[^`]*` failed exit status \d+: /g, ''],
  [/\s*Use --debug flag to render out invalid YAML/g, ''],
  [/ ?\(retried \d+ times?\)/g, ''],
  [/\.? Retrying attempt #\d+ at [^.]*\./g, ''],
  [/^health check failed after [\d.]+\w+: /, ''],
  [/(?:\/[\w.-]{1,100}){0,8}\/[\w.-]{0,100}kustomization-\d+\//g, ''],
  // kubectl's file is another one at each try.
  [/error when (?:creating|patching|replacing) "\/[^"]*": /g, ''],
  [/^Error creating: pods "[^"]*" is forbidden: /, ''],
  [/ <nil>\s*$/, ''],
  [/[.\s]+$/, ''],
]

/** What the cluster says, as one line without noise. Untrusted: whoever shows it puts it where it cannot be markup. */
export function cleanMessage(text: string | null | undefined): string {
  const rest = noise.reduce((left, [part, instead]) => left.replaceAll(global(part), instead), text ?? '')
  return plainLine(rest, MOST_OF_LINE)
}

function global(part: RegExp): RegExp {
  return part.flags.includes('g') ? part : new RegExp(part.source, `${part.flags}g`)
}

/** `message` about one object, the object first: the API server's own way of naming it is taken off. */
export function formatObject(kind: string, name: string, message: string): string {
  const object = `${kind} \`${name}\``
  const rest = cleanMessage(message)
  if (rest === '') return plainLine(object, MOST_OF_LINE)
  const quoted = `"${name}" `
  const at = rest.indexOf(quoted)
  const before = rest.slice(0, Math.max(at, 0)).trim()
  const isNamed = at > 0 && (before === kind || (before.startsWith(`${kind}.`) && !before.includes(' ')))
  return plainLine(
    isNamed ? `${object} ${rest.slice(at + quoted.length)}` : `${object}: ${rest}`,
    MOST_OF_LINE,
  )
}

/** At most ten different lines, without those already said. */
export function distinctLines(lines: readonly string[], said: readonly string[]): readonly string[] {
  const fresh = lines.filter((line) => line !== '' && !said.includes(line))
  return [...new Set(fresh)].slice(0, MOST_LINES)
}

/** A time of the cluster; null: none, or not a time. */
export function parseTime(text: string | null | undefined): Date | null {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time) ? null : new Date(time)
}

/** The latest of several times; null when none is known. */
export function latest(times: readonly (Date | null)[]): Date | null {
  const known = times.filter((time) => time !== null)
  return known.length === 0 ? null : new Date(Math.max(...known.map((time) => time.getTime())))
}
