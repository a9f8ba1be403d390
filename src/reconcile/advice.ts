/** Who can do what about an answer that no rule words itself. */
export const pauseAdvice = 'Whoever may push to the environment repository ends it with mayfly resume.'

export const forkAdvice = 'A maintainer may push the branch to the repository itself after reading the diff.'

export const policyAdvice =
  'Whoever owns the template can mend it, or the branch can be named otherwise; Mayfly looks again on every push.'

export const evictedAdvice = 'A push brings it back.'
