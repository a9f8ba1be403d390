import type { Rule } from './rule.ts'
import { applicationRules } from './rules/applications.ts'
import { directoriesIsolate, environmentRepositoryRules } from './rules/environment-repository.ts'
import { forgeRules } from './rules/forges.ts'
import { nameRules } from './rules/names.ts'
import { plainHttp } from './rules/plain-http.ts'
import { policyRules } from './rules/policy.ts'
import { probeRules, probesAreAsked } from './rules/probes.ts'
import { repositoryRules } from './rules/repositories.ts'
import { secretRules } from './rules/secrets.ts'
import { serviceRules } from './rules/service.ts'
import { templateRules } from './rules/url-templates.ts'
import { unusedCredentials } from './rules/unused-credentials.ts'

/** What each file must keep to, beyond its schema. */
export const rules: readonly Rule[] = [
  ...serviceRules,
  ...forgeRules,
  ...environmentRepositoryRules,
  ...secretRules,
  ...nameRules,
  ...policyRules,
  ...applicationRules,
  ...repositoryRules,
  ...templateRules,
  ...probeRules,
]

/** What works, but may not be meant. */
export const cautions: readonly Rule[] = [plainHttp, unusedCredentials, directoriesIsolate, probesAreAsked]
