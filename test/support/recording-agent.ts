import type { Agent, Subject } from '../../src/agent/port.ts'
import type { CommitSha } from '../../src/preview/brand.ts'
import type { Observation } from '../../src/preview/observation.ts'
import { type PreviewId, previewId } from '../../src/preview/preview-id.ts'

/** An agent that says what a test tells it, and hints at each change like a real one's watch. Absent until told. */
export interface ToldAgent extends Agent {
  /** Of merge request `number` of the application `shop`. */
  tell(number: number, observation: Observation | ((subject: Subject) => Observation)): void
  /** Everything it was asked about. */
  readonly asked: readonly Subject[]
}

export function createToldAgent(): ToldAgent {
  const says = new Map<PreviewId, (subject: Subject) => Observation>()
  const watchers = new Set<(preview: PreviewId) => void>()
  const asked: Subject[] = []
  return {
    asked,
    tell(number, observation) {
      const preview = previewId('shop', number)
      says.set(preview, typeof observation === 'function' ? observation : () => observation)
      for (const watcher of watchers) watcher(preview)
    },
    observe: (subject) => {
      asked.push(subject)
      return Promise.resolve(says.get(subject.preview)?.(subject) ?? { kind: 'absent' })
    },
    requestSync: () => Promise.resolve(),
    watch: (onHint) => {
      watchers.add(onHint)
      return Promise.resolve()
    },
    resources: () => Promise.resolve([]),
    warnings: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  }
}

/** Running and healthy at whatever its manifest says. */
export function readyAtOnce(subject: Subject): Observation {
  return subject.sha === null
    ? { kind: 'absent' }
    : { kind: 'ready', serving: subject.sha satisfies CommitSha, since: null }
}
