/** A preview that is not well is looked at again at least this often, in ms; the agent's own news come first. */
export const longestRecheckMs = 5 * 60_000
