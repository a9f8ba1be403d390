import type { Agent } from './port.ts'

/** `agent: { kind: none }`: nobody is asked and nothing is claimed. */
export function createNoAgent(): Agent {
  return {
    observe: () => Promise.resolve({ kind: 'unwatched' }),
    requestSync: () => Promise.resolve(),
    watch: () => Promise.resolve(),
    resources: () => Promise.resolve([]),
    warnings: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  }
}
