import { nearest } from '../../nearest.ts'
import { checkSchema } from './check-schema.ts'
import { forgeScalars, type Finding, type ManifestObject, type PolicyRule, type Situation } from './rule.ts'
import { schemasOf } from './schemas.ts'

/** Which kinds of objects may be there, and what each may look like. */
export const kindRules: readonly PolicyRule[] = [
  { name: 'secret', check: noSecret },
  { name: 'kind', check: allowedKind },
  { name: 'literal', check: literalIdentity },
  { name: 'schema', check: matchesSchema },
]

function* noSecret({ kind }: ManifestObject): Iterable<Finding> {
  if (kind === 'Secret')
    yield {
      path: ['kind'],
      value: kind,
      advice: 'is never committed: use an ExternalSecret or a SealedSecret',
    }
}

function* allowedKind({ apiVersion, group, kind }: ManifestObject, { policy }: Situation): Iterable<Finding> {
  if (kind === 'Secret') return
  const builtIn = schemasOf(kind)
  if (!policy.kinds.includes(kind) && !policy.kinds.includes(`${kind}.${group}`)) {
    const meant = nearest(kind, policy.kinds)
    const hint =
      meant === undefined ? 'add it to policy.kinds in the configuration' : `did you mean ${meant}?`
    yield { path: ['kind'], value: kind, advice: `is not among the allowed kinds: take it out, or ${hint}` }
  } else if (
    builtIn !== undefined &&
    !Object.hasOwn(builtIn, apiVersion) &&
    !policy.kinds.includes(`${kind}.${group}`)
  )
    yield {
      path: ['apiVersion'],
      value: apiVersion,
      advice: `is not known for ${kind}: write ${Object.keys(builtIn).join(' or ')}`,
    }
}

/** What an object is, is the operator's choice. */
function* literalIdentity({ resolved }: ManifestObject): Iterable<Finding> {
  for (const field of ['apiVersion', 'kind'])
    for (const { path } of forgeScalars(resolved.scalars, field))
      yield { path, advice: 'comes from the merge request: write it out in the template' }
}

function* matchesSchema({ apiVersion, kind, tree }: ManifestObject): Iterable<Finding> {
  const versions = schemasOf(kind)
  const schema =
    versions !== undefined && Object.hasOwn(versions, apiVersion) ? versions[apiVersion] : undefined
  if (schema === undefined) return
  // Every object has these; the rules on metadata look at them.
  const { apiVersion: _, kind: __, metadata: ___, ...rest } = tree
  yield* checkSchema(schema, rest)
}
