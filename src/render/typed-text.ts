/** Words that some YAML takes for a boolean or for nothing, in lower case. */
const typedWords: ReadonlySet<string> = new Set([
  '---',
  '...',
  '',
  '~',
  'y',
  'n',
  'yes',
  'no',
  'on',
  'off',
  'true',
  'false',
  'null',
])

const typed: readonly RegExp[] = [
  /^[-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-f_]+|[0-9][0-9_]*)$/i,
  /^[-+]?[0-9_]*(\.[0-9_]*)?(e[-+]?[0-9]+)?$/i,
  /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/,
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?$/,
  /^[-+]?\.(inf|nan)$/i,
]

/** Whether a text without quotes is anything but a text for some reader of YAML 1.1 or 1.2. */
export function isTypedText(text: string): boolean {
  return typedWords.has(text.toLowerCase()) || typed.some((pattern) => pattern.test(text))
}
