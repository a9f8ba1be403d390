import Handlebars from 'handlebars'
import { boundedCache } from '../bounded-cache.ts'
import { refuse } from '../refusal.ts'
import { isTooDeep } from './too-deep.ts'

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
  if (isTooDeep(template.text)) refuseTemplate(template.name, 1, tooDeep)
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
