import Handlebars from 'handlebars'
import { boundedCache } from '../../pace/bounded-map.ts'
import { refuse } from '../refusal.ts'

/** Blocks in blocks, and calls in calls: nobody reads more. */
const most = 50

export interface Template {
  readonly name: string
  readonly text: string
}

const tooDeep = 'nests too deep: use fewer blocks inside blocks'
const largestTemplate = 256 * 1024

/**
 * The syntax tree of a template, whitespace around blocks taken away as Handlebars does.
 * Only Handlebars' parser is used: no template is ever turned into code.
 * @throws Refused when it does not parse.
 */
export function parseTemplate(template: Template): hbs.AST.Program {
  // Handlebars takes a ready-made tree for a template: only text may come in.
  if (typeof template.text !== 'string') throw new TypeError('a template is text')
  if (template.text.length > largestTemplate)
    refuseTemplate(template.name, 1, 'is larger than 256 KiB: make it smaller')
  if (isTemplateTooDeep(template.text)) refuseTemplate(template.name, 1, tooDeep)
  try {
    return parsed(template.text)
  } catch (error) {
    if (error instanceof RangeError) refuseTemplate(template.name, 1, tooDeep)
    const message = error instanceof Error ? error.message : String(error)
    const line = Number(/(?:line |- )(\d+)(?::\d+)?/.exec(message)?.[1] ?? 1)
    refuseTemplate(
      template.name,
      line,
      `does not parse: ${message.split('\n').slice(0, 3).join(' ').slice(0, 300)}`,
    )
  }
}

/** @throws Refused with the place in the template. */
export function refuseTemplate(name: string, line: number, advice: string, value?: unknown): never {
  refuse({ document: 0, path: `${name}:${line}`, value, rule: 'template', advice })
}

const parsed = boundedCache(64, (text) => Handlebars.parse(text))

/**
 * Whether a template nests so deep that Handlebars' parser would take long: its time grows with the square of the depth.
 * Looks at characters only; quotes and comments do not count, so it may be wrong for absurd texts.
 */
export function isTemplateTooDeep(text: string): boolean {
  const blocks = text.matchAll(/\{\{~?(?:[#^](?!~?\}\})|\/)/g)
  if (deepest(blocks, (found) => !found.endsWith('/')) > most) return true
  for (const [mustache] of text.matchAll(/\{\{[^}]*/g))
    if (deepest(mustache.matchAll(/[()]/g), (found) => found === '(') > most) return true
  return false
}

function deepest(marks: Iterable<RegExpExecArray>, opens: (mark: string) => boolean): number {
  let depth = 0
  let most = 0
  for (const [mark] of marks) {
    depth = opens(mark) ? depth + 1 : Math.max(0, depth - 1)
    most = Math.max(most, depth)
  }
  return most
}
