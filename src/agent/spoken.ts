import { plainLine } from '../preview/plain-line.ts'

const MOST_LINES = 10
const MOST_OF_LINE = 400

const noise = [
  // eslint-disable-next-line no-control-regex
  /\u001B\[[0-9;?]*[A-Za-z]/g,
]

export function spoken(text: string): string {
  return plainLine(noise.reduce((rest, part) => rest.replaceAll(part, ''), text), MOST_OF_LINE)
}

export function firstLines(lines: readonly string[], said: readonly string[]): readonly string[] {
  const seen = new Set(said)
  return lines.filter((line) => line !== '' && !seen.has(line) && seen.add(line)).slice(0, MOST_LINES)
}
