import { objectId, type ObjectId } from '../../preview/brand.ts'
import { showPath } from '../bind/path.ts'
import { type Refusal, refusal } from '../refusal.ts'
import { agentMarksRule } from './agent-marks-rule.ts'
import { argocdRules } from './argocd-rules.ts'
import { configMapRule } from './config-map-rule.ts'
import { fluxRules } from './flux-rules.ts'
import { kindRules } from './kind-rules.ts'
import { metadataRules } from './metadata-rules.ts'
import { networkRule } from './network-rules.ts'
import { placementRules } from './placement-rules.ts'
import { gitSourceRules } from './repository-rules.ts'
import { resourceRules } from './resource-rules.ts'
import type { ManifestObject, PolicyRule, Situation } from './rule.ts'
import { referencedRule } from './referenced-rule.ts'
import { splicedRules } from './spliced-rules.ts'

const rules: readonly PolicyRule[] = [
  ...kindRules,
  ...metadataRules,
  ...placementRules,
  ...argocdRules,
  ...fluxRules,
  ...gitSourceRules,
  ...splicedRules,
  referencedRule,
  ...resourceRules,
  networkRule,
  configMapRule,
  agentMarksRule,
]

/** More would not help anybody to mend the template. */
const mostRefusals = 50

/** Every way in which the manifest breaks the policy; empty when it may be committed. */
export function checkPolicy(
  situation: Situation,
  path: string,
  holderOf: (object: ObjectId) => string | undefined,
): readonly Refusal[] {
  const { objects } = situation
  const found = objects.flatMap((object) => rules.flatMap((rule) => apply(rule, object, situation)))
  return [...found, ...objects.flatMap((object) => owned(object, objects, path, holderOf))].slice(
    0,
    mostRefusals,
  )
}

export function idOf({ apiVersion, kind, namespace, name }: ManifestObject): ObjectId {
  return objectId(apiVersion, kind, namespace, name)
}

function apply(rule: PolicyRule, object: ManifestObject, situation: Situation): readonly Refusal[] {
  return [...rule.check(object, situation)].map(({ path, field, value, advice }) =>
    refusal({
      document: object.document,
      path: field === undefined ? showPath(path) : `${field}: ${showPath(path)}`,
      value,
      rule: rule.name,
      advice,
    }),
  )
}

/** An object in two files stops Flux for all previews. */
function owned(
  object: ManifestObject,
  objects: readonly ManifestObject[],
  path: string,
  holderOf: (object: ObjectId) => string | undefined,
): readonly Refusal[] {
  const id = idOf(object)
  const place = { document: object.document, path: 'metadata.name', value: object.name }
  const first = objects.find((other) => idOf(other) === id)
  if (first !== undefined && first !== object)
    return [
      refusal({
        ...place,
        rule: 'unique',
        advice: `stands in document ${first.document} already: keep one of them`,
      }),
    ]
  const holder = holderOf(id)
  if (holder === undefined || holder === path) return []
  return [
    refusal({ ...place, rule: 'held', advice: `belongs to ${holder} already: begin the name with {{name}}` }),
  ]
}
