/** A JSON log line for people: `12:00:01 warn  sentence  key=value …`, on one line, without control characters. */
export function formatLine(line: string): string {
  const { level, time, msg, ...facts } = JSON.parse(line) as Record<string, unknown>
  const clock = String(time).slice(11, 19)
  const words = Object.entries(facts).map(([key, value]) => `${key}=${factText(value)}`)
  const text = [clock, String(level).padEnd(5), String(msg), ...words].join(' ')
  // A branch name must not steer the terminal.
  return `${text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')}\n`
}

function factText(value: unknown): string {
  if (typeof value === 'string') return /^[\w./:#@-]+$/.test(value) ? value : JSON.stringify(value)
  if (isError(value)) return JSON.stringify(errorText(value))
  return JSON.stringify(value)
}

interface ErrorFact {
  readonly message: string
  readonly stack: string
  readonly cause?: unknown
}

function isError(value: unknown): value is ErrorFact {
  return typeof value === 'object' && value !== null && 'stack' in value && 'message' in value
}

// The stack is for the JSON log.
function errorText({ message, cause }: ErrorFact): string {
  return isError(cause) ? `${message}: ${errorText(cause)}` : message
}
