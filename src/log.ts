import { pino } from 'pino'
import { type Clock, systemClock } from './pace/clock.ts'
import type { Secret } from './config/secret.ts'
import { createRedactor } from './log/redact.ts'
import { plainFacts } from './log/plain-facts.ts'

/** Facts first, then one constant sentence. ERROR means that somebody must act. */
export interface Log {
  debug(facts: object, sentence: string): void
  info(facts: object, sentence: string): void
  warn(facts: object, sentence: string): void
  error(facts: object, sentence: string): void
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

export interface LogOptions {
  readonly level: LogLevel
  /** Lines for people instead of JSON: for a terminal. */
  readonly pretty: boolean
  /** Takes whole lines; standard output when left out. */
  readonly destination?: { write(line: string): unknown }
  /** Values that must never be written, beside what looks like a credential. */
  readonly redact: readonly Secret[]
  /** The system's when left out. */
  readonly clock?: Clock
}

/**
 * One JSON object a line: `level`, `time`, the facts, `msg`. Whatever is logged, errors and their causes included,
 * passes the redactor before it is text.
 */
export function createLog(options: LogOptions): Log {
  const { level, pretty, redact, destination = process.stdout, clock = systemClock } = options
  const redactText = createRedactor(redact)
  const sink = pretty
    ? { write: (line: string) => destination.write(formatLine(line)) }
    : { write: (line: string) => destination.write(line) }
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${clock.now().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    sink,
  )
  return {
    debug: (facts, sentence) => {
      if (logger.isLevelEnabled('debug')) logger.debug(plainFacts(facts, redactText), redactText(sentence))
    },
    info: (facts, sentence) => {
      if (logger.isLevelEnabled('info')) logger.info(plainFacts(facts, redactText), redactText(sentence))
    },
    warn: (facts, sentence) => {
      if (logger.isLevelEnabled('warn')) logger.warn(plainFacts(facts, redactText), redactText(sentence))
    },
    error: (facts, sentence) => {
      if (logger.isLevelEnabled('error')) logger.error(plainFacts(facts, redactText), redactText(sentence))
    },
  }
}

/** A JSON log line for people: `12:00:01 warn  sentence  key=value …`, on one line, without control characters. */
function formatLine(line: string): string {
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
