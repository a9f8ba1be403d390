/** A preview that is not healthy is reconciled again at least this often, in ms; a hint of the agent comes first. */
export const longestRecheckMs = 5 * 60_000
