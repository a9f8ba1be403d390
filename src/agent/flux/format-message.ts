import { formatObject, distinctLines, cleanMessage } from '../observe/clean-message.ts'

/** What Flux says about an attempt, one line each: objects by name, without those that went well. */
export function attemptLines(message: string | null | undefined): readonly string[] {
  const lines = (message ?? '')
    .split('\n')
    .filter((line) => !/ (created|configured|unchanged|deleted)$/.test(line))
  return distinctLines(lines.map(attemptLine), [])
}

/** The objects that a health check found wanting; the message itself where it names none. */
export function healthLines(message: string | null | undefined): readonly string[] {
  const named = (message ?? '').matchAll(/([A-Za-z]+)\/(?:[^/\s[]+\/)?([^/\s]+) status: '(\w+)'/g)
  const lines = [...named].map(
    ([, kind = '', name = '', status = '']) => `${formatObject(kind, name, '')} ${ends(status)}`,
  )
  return lines.length > 0 ? distinctLines(lines, []) : distinctLines([cleanMessage(message)], [])
}

function attemptLine(line: string): string {
  const [, kind, name, said] =
    /^([A-Za-z]+)\/(?:[^/\s]+\/)?([^/\s]+) dry-run failed(?: \(\w+\))?: (.*)$/.exec(line) ?? []
  return kind && name ? formatObject(kind, name, said ?? '') : cleanMessage(line)
}

function ends(status: string): string {
  switch (status) {
    case 'Failed':
      return 'is not healthy'
    case 'InProgress':
      return 'did not become healthy in time'
    case 'NotFound':
      return 'is not there'
    case 'Terminating':
      return 'is being deleted'
    default:
      return `is ${status}`
  }
}
