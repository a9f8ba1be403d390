import type { PartialConfig } from '../draft.ts'
import type { ConfigProblem } from '../finding.ts'
import type { Rule } from '../rule.ts'

export const policyRules: readonly Rule[] = [secretsAreNeverAllowed, defaultProjectIsNeverAllowed]

function secretsAreNeverAllowed({ policy }: PartialConfig): readonly ConfigProblem[] {
  const index = policy?.kinds?.findIndex((kind) => kind?.split('.')[0] === 'Secret') ?? -1
  if (index < 0) return []
  const hint = 'what is committed is no secret any more: use `ExternalSecret` or `SealedSecret`'
  return [{ path: ['policy', 'kinds', index], message: '`Secret` is never allowed', hint }]
}

function defaultProjectIsNeverAllowed({ policy }: PartialConfig): readonly ConfigProblem[] {
  const index = policy?.projects?.indexOf('default') ?? -1
  if (index < 0) return []
  const hint = 'it may do everything everywhere: make a project for previews'
  return [{ path: ['policy', 'projects', index], message: 'the project `default` is never allowed', hint }]
}
