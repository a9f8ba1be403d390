/**
 * Every fetch: the one thing asked for, and nothing beside it. Not quiet: the runner's library waits 50 ms for late output of a command
 * that printed nothing, and a fetch is what a writer who lost a race waits for.
 */
export const fetchWords = [
  'fetch',
  '--verbose',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
] as const
