/** Every fetch: the one thing asked for, and nothing beside it. */
export const fetchWords = [
  'fetch',
  '--quiet',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
] as const
