import type { PartialConfig } from '../draft.ts'
import type { ConfigProblem } from '../finding.ts'
import type { VariableUse } from '../interpolate.ts'
import type { Path } from '../path.ts'
import type { ConfigRule } from '../rule.ts'
import { isSecretPath, type SourceView } from '../source-view.ts'

export const secretRules: readonly ConfigRule[] = [secretsAreClean, secretsStaySecret]

/** A line break at the end comes from a file, and makes a header that no server takes. */
function secretsAreClean({
  forges = [],
  environmentRepository,
  registries = [],
}: PartialConfig): readonly ConfigProblem[] {
  const texts: readonly (readonly [Path, string | undefined])[] = [
    ...forges.map((forge, index) => [['forges', index, 'token'], forge?.token] as const),
    ...forges.flatMap((forge, index) => webhookSecrets(index, forge?.webhookSecret)),
    [['environmentRepository', 'token'], environmentRepository?.token],
    ...registries.map((registry, index) => [['registries', index, 'password'], registry?.password] as const),
  ]
  return texts.flatMap(([path, text]) => {
    if (text === undefined || !/^\s|\s$|\p{Cc}/u.test(text)) return []
    const hint = 'often a line break slips in from a file: take it out'
    return [{ path, message: 'begins or ends with white space, or holds a control character', hint }]
  })
}

type WebhookSecret = NonNullable<NonNullable<PartialConfig['forges']>[number]>['webhookSecret']

function webhookSecrets(
  index: number,
  value: WebhookSecret,
): readonly (readonly [Path, string | undefined])[] {
  const path = ['forges', index, 'webhookSecret']
  if (value === undefined || typeof value === 'string') return [[path, value]]
  return value.map((text, place) => [[...path, place], text] as const)
}

/** Law 10: what is a secret in one place must not travel into commits, comments or logs from another. */
function secretsStaySecret(
  _draft: PartialConfig,
  _sight: SourceView,
  uses: readonly VariableUse[],
): readonly ConfigProblem[] {
  const secrets = new Set(uses.filter(({ path }) => isSecretPath(path)).map(({ name }) => name))
  return uses
    .filter(({ path, name }) => !isSecretPath(path) && secrets.has(name))
    .map(({ path, name }) => ({
      path,
      message: `\`${name}\` is a secret elsewhere in this file, and would be shown here`,
      hint: 'use another variable',
    }))
}
