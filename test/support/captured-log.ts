import { inspect } from 'node:util'
import type { Log } from '../../src/log.ts'

export interface CapturedLog extends Log {
  readonly lines: readonly { readonly level: string; readonly facts: object; readonly sentence: string }[]
  /** Everything that was logged, as deep as it goes: to hunt for secrets. */
  text(): string
}

/** A log that keeps what it was told. */
export function createCapturedLog(): CapturedLog {
  const lines: { level: string; facts: object; sentence: string }[] = []
  const at = (level: string) => (facts: object, sentence: string) => {
    lines.push({ level, facts, sentence })
  }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    lines,
    text: () => inspect(lines, { depth: null, showHidden: true }),
  }
}
