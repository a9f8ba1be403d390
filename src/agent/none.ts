import type { Agent } from './port.ts'

/** `agent: { kind: none }`: nobody is asked and nothing is claimed. */
export function createNoAgent(): Agent {
  return {
    observe: () => Promise.resolve({ kind: 'unwatched' }),
    notify: () => Promise.resolve(),
    watch: () => Promise.resolve(),
    standing: () => Promise.resolve([]),
    warnings: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  }
}
