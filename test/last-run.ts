import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Reporter } from 'vitest/node'

/** What a run of this kind took the last time it was whole and green on this machine. */
interface LastRun {
  readonly seconds: number
  /** ISO 8601. */
  readonly at: string
}

const folder = join(import.meta.dirname, '..', 'node_modules', '.cache', 'mayfly')

/** Says at the start what is about to run and how long that took last time here, so that nobody wonders whether it hangs. */
export function lastRunReporter(kind: string): Reporter {
  const file = join(folder, `${kind.replaceAll(/\W+/g, '-')}.json`)
  const begun = { at: performance.now(), whole: true }
  return {
    onInit: (vitest) => {
      begun.whole = vitest.config.testNamePattern === undefined
    },
    onTestRunStart: (specifications) => {
      begun.at = performance.now()
      begun.whole &&= process.argv
        .slice(2)
        .every((argument) => argument === 'run' || argument.startsWith('-'))
      if (begun.whole) console.log(announcement(kind, specifications.length, readLast(file)))
    },
    onTestRunEnd: (_modules, _errors, reason) => {
      if (!begun.whole || reason !== 'passed') return
      const last: LastRun = { seconds: (performance.now() - begun.at) / 1000, at: new Date().toISOString() }
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, JSON.stringify(last))
    },
  }
}

export function announcement(kind: string, files: number, last: LastRun | null): string {
  const how =
    last === null
      ? 'how long that takes here is not known yet'
      : `last time it took ${inWords(last.seconds)} here (${last.at.slice(0, 10)})`
  return `${kind}: ${files} files of tests; ${how}.`
}

function inWords(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const rest = Math.round(seconds - minutes * 60)
  return minutes === 0 ? `${rest} s` : `${minutes} min ${rest} s`
}

function readLast(file: string): LastRun | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LastRun
  } catch {
    return null
  }
}
