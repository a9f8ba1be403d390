import {
  type Finding,
  type ManifestObject,
  type PolicyRule,
  type Situation,
  agentNamespace,
  isAgentObject,
} from './rule.ts'

/** Where objects may live: in the preview's namespace, and with the agent under the preview's name. */
export const placementRules: readonly PolicyRule[] = [
  { name: 'reserved namespace', check: reservedNamespace },
  { name: 'namespace', check: ownNamespace },
  { name: 'object name', check: ownName },
]

const reserved = /^(kube-.*|default|argocd|flux-system|mayfly)$/

function* reservedNamespace(object: ManifestObject, situation: Situation): Iterable<Finding> {
  const { kind, name } = object
  if (kind !== 'Namespace') return
  const { policy } = situation
  if (reserved.test(name) || name === policy.agentNamespace)
    yield { path: ['metadata', 'name'], value: name, advice: 'is a reserved namespace: write {{namespace}}' }
}

function* ownNamespace(object: ManifestObject, situation: Situation): Iterable<Finding> {
  const { kind, name, namespace } = object
  const own = situation.policy.namespace
  if (kind === 'Namespace') {
    if (name !== own)
      yield {
        path: ['metadata', 'name'],
        value: name,
        advice: `is not the preview's namespace: write {{namespace}}`,
      }
    if (namespace !== '')
      yield {
        path: ['metadata', 'namespace'],
        value: namespace,
        advice: 'has no meaning on a Namespace: take it out',
      }
    return
  }
  const path = ['metadata', 'namespace']
  const makesOwn = situation.objects.some((other) => other.kind === 'Namespace' && other.name === own)
  // Without an agent of ours somebody else may make namespaces.
  if (namespace === own && !makesOwn && situation.policy.agentNamespace !== null)
    yield {
      path,
      value: namespace,
      advice: 'is not made by this manifest, and nothing can be put into it: add the Namespace before it',
    }
  if (namespace === own || (isAgentObject(object) && namespace === agentNamespace(object, situation))) return
  const places = isAgentObject(object)
    ? `{{namespace}} or ${agentNamespace(object, situation)}`
    : '{{namespace}}'
  if (namespace === '') yield { path, advice: `is missing, so the agent would choose: write ${places}` }
  else yield { path, value: namespace, advice: `is outside the preview: write ${places}` }
}

/** Beside the agent live the objects of other previews, and of other people. */
function* ownName(object: ManifestObject, situation: Situation): Iterable<Finding> {
  const { name, namespace } = object
  const { policy } = situation
  if (namespace === policy.namespace || !isAgentObject(object)) return
  const own = [situation.name, policy.namespace]
  if (own.some((prefix) => name === prefix || name.startsWith(`${prefix}-`))) return
  yield {
    path: ['metadata', 'name'],
    value: name,
    advice: 'could be the name of somebody else’s object there: begin it with {{name}}',
  }
}
