/** With `CI=true` what is tried many times, or on every forge, is tried as often as we can afford; a newcomer need not wait for that. */
export const isThorough = process.env['CI'] === 'true'

/** The forges of a long story: newcomers see one of them, CI sees all. */
export const testedForges = isThorough ? (['gitea', 'github', 'gitlab'] as const) : (['gitea'] as const)
