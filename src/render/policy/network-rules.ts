import { partsAt, type Part } from '../bind/path.ts'
import { isList, isMap, textOf, type Tree, type TreeMap } from '../bind/tree.ts'
import { isStrictlyInside, parseCidr } from './cidr.ts'
import type { Finding, ManifestObject, PolicyRule } from './rule.ts'
import { isLabelValue, isQualifiedName } from './qualified-name.ts'

/** What the API server asks of a NetworkPolicy beyond its schema (`pkg/apis/networking/validation`). */
export const networkRule: PolicyRule = {
  name: 'value',
  check: (object) =>
    object.kind === 'NetworkPolicy' && object.group === 'networking.k8s.io' ? networkPolicy(object) : [],
}

function* networkPolicy({ tree }: ManifestObject): Iterable<Finding> {
  for (const { path, value } of partsAt(tree, 'spec.policyTypes[]'))
    if (value !== 'Ingress' && value !== 'Egress') yield { path, value, advice: 'must be Ingress or Egress' }
  for (const part of partsAt(tree, 'spec.podSelector')) yield* badSelector(part)
  for (const way of ['ingress[].from', 'egress[].to'])
    for (const part of partsAt(tree, `spec.${way}[]`)) yield* badPeer(part)
  for (const way of ['ingress', 'egress'])
    for (const part of partsAt(tree, `spec.${way}[].ports[]`)) yield* badPort(part)
}

function* badPeer({ path, value }: Part): Iterable<Finding> {
  if (!isMap(value)) return
  const block = value['ipBlock']
  if (Object.keys(value).length === 0)
    yield { path, advice: 'is empty: write podSelector, namespaceSelector or ipBlock' }
  if (block !== undefined && Object.keys(value).length > 1)
    yield { path, advice: 'has an ipBlock and a selector: write two entries' }
  for (const field of ['podSelector', 'namespaceSelector'])
    for (const part of partsAt(value, field))
      yield* badSelector({ path: [...path, ...part.path], value: part.value })
  if (isMap(block)) yield* badBlock(block, [...path, 'ipBlock'])
}

function* badBlock({ cidr, except }: TreeMap, path: Part['path']): Iterable<Finding> {
  const outer = parseCidr(textOf(cidr))
  if (outer === undefined)
    yield { path: [...path, 'cidr'], value: cidr, advice: 'is no block of addresses: for example 10.0.0.0/8' }
  for (const [index, value] of (isList(except ?? null) ? (except as readonly Tree[]) : []).entries()) {
    const inner = parseCidr(textOf(value))
    if (inner === undefined || (outer !== undefined && !isStrictlyInside(inner, outer)))
      yield { path: [...path, 'except', index], value, advice: 'is no part of the block: take it out' }
  }
}

function* badPort({ path, value: tree }: Part): Iterable<Finding> {
  if (!isMap(tree)) return
  const { protocol = 'TCP', port, endPort } = tree
  if (!['TCP', 'UDP', 'SCTP'].includes(textOf(protocol)))
    yield { path: [...path, 'protocol'], value: protocol, advice: 'must be TCP, UDP or SCTP' }
  if (port !== undefined && !(typeof port === 'number' ? isPort(port) : isPortName(textOf(port))))
    yield { path: [...path, 'port'], value: port, advice: 'is no port: 1 to 65535, or the name of one' }
  if (endPort === undefined) return
  if (!isPort(endPort) || typeof port !== 'number' || Number(endPort) < port)
    yield {
      path: [...path, 'endPort'],
      value: endPort,
      advice: 'must be a port from `port` on: write both as numbers',
    }
}

function isPort(value: Tree): boolean {
  return typeof value === 'number' && value >= 1 && value <= 65_535
}

/** RFC 6335, as Kubernetes reads it. */
function isPortName(name: string): boolean {
  return name.length <= 15 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && /[a-z]/.test(name)
}

/** What is wrong with a label selector: keys and values of labels, and what each operator wants. */
function* badSelector({ path: at, value: selector }: Part): Iterable<Finding> {
  for (const { path, value } of partsAt(selector, 'matchLabels.*'))
    if (!isQualifiedName(String(path.at(-1))) || (typeof value === 'string' && !isLabelValue(value)))
      yield { path: [...at, ...path], value, advice: 'is no label that an object can have' }
  for (const { path, value } of partsAt(selector, 'matchExpressions[]')) {
    if (!isMap(value)) continue
    const { key, operator, values = [] } = value
    const place = [...at, ...path]
    const count = isList(values) ? values.length : 0
    if (!isQualifiedName(textOf(key)))
      yield { path: [...place, 'key'], value: key, advice: 'is no key of a label' }
    if (!['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(textOf(operator)))
      yield {
        path: [...place, 'operator'],
        value: operator,
        advice: 'must be In, NotIn, Exists or DoesNotExist',
      }
    else if (textOf(operator).endsWith('In') !== count > 0)
      yield { path: [...place, 'values'], advice: 'belong to In and NotIn, and to nothing else' }
    for (const one of isList(values) ? values : [])
      if (typeof one === 'string' && !isLabelValue(one))
        yield { path: [...place, 'values'], value: one, advice: 'is no label that an object can have' }
  }
}
