import { isTypedText } from '../typed-text.ts'

/** A scalar as YAML. `indentation` is that of a literal block's lines; undefined where no block may stand (in keys). */
export function writeScalar(
  value: string | number | boolean | null,
  indentation: string | undefined,
): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : String(value)
  if (isPlain(value)) return value
  if (indentation !== undefined && isBlock(value)) return block(value, indentation)
  return quoted(value)
}

/** One word that begins with a letter and that no YAML takes for a boolean, a number (`e1`) or nothing. */
function isPlain(value: string): boolean {
  return /^[A-Za-z](?:[A-Za-z0-9_./@+=-]|:(?=[A-Za-z0-9_./@]))*$/.test(value) && !isTypedText(value)
}

/** Several lines of ordinary characters that a literal block keeps exactly. */
function isBlock(value: string): boolean {
  return (
    /^[^ \t\n].*\n/.test(value) &&
    !/\n\n$|[ \t](\n|$)|\n\t/.test(value) &&
    !unusual.test(value.replaceAll('\n', ''))
  )
}

function block(value: string, indentation: string): string {
  const ends = value.endsWith('\n')
  const lines = (ends ? value.slice(0, -1) : value).split('\n')
  return [ends ? '|' : '|-', ...lines.map((line) => (line === '' ? '' : `${indentation}${line}`))].join('\n')
}

/** Double quotes as in JSON; what some reader refuses, or takes for a line break, is escaped. */
function quoted(value: string): string {
  return JSON.stringify(value.toWellFormed()).replaceAll(escaped, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `\\u${code.toString(16).padStart(4, '0')}`
  })
}

const escaped = /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g
const unusual = /[^\u0020-\u007e\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u
