import { partsAt, type Part } from '../bind/path.ts'
import { isMap, textOf, type Tree } from '../bind/tree.ts'
import { isQualifiedName } from './qualified-name.ts'
import type { Finding, ManifestObject, PolicyRule } from './rule.ts'

const form = /^([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?[0-9]{1,3}))?$/

const decimals: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}

const binaries = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

/** What the API server asks of quotas and limits beyond their schema (`pkg/apis/core/validation`). */
export const resourceRules: readonly PolicyRule[] = [
  { name: 'value', check: (object) => (isCore(object, 'ResourceQuota') ? quota(object) : []) },
  { name: 'value', check: (object) => (isCore(object, 'LimitRange') ? limits(object) : []) },
]

function isCore({ kind, group }: ManifestObject, wanted: string): boolean {
  return kind === wanted && group === ''
}

const counted =
  /^(pods|services|replicationcontrollers|resourcequotas|secrets|configmaps|persistentvolumeclaims|services\.(nodeports|loadbalancers))$/
const measured =
  /^((requests\.|limits\.)?(cpu|memory|ephemeral-storage)|requests\.storage|(requests\.)?hugepages-.+)$/

function* quota({ tree }: ManifestObject): Iterable<Finding> {
  for (const part of entriesAt(tree, 'spec.hard')) {
    const key = String(part.path.at(-1))
    const isKnown = key.includes('/') ? isQualifiedName(key) : counted.test(key) || measured.test(key)
    if (!isKnown)
      yield { path: part.path, advice: 'is nothing that a quota counts: for example pods, requests.cpu' }
    const number = parseQuantity(part.value)
    const isWhole = counted.test(key) || key.startsWith('count/')
    yield* badQuantity(part)
    if (number !== undefined && isWhole && !Number.isInteger(number))
      yield { ...part, advice: 'is counted: write a whole number' }
  }
}

const orders = ['min', 'defaultRequest', 'default', 'max'] as const
const notForPods: readonly string[] = ['default', 'defaultRequest']

function* limits({ tree }: ManifestObject): Iterable<Finding> {
  const types = new Set<unknown>()
  for (const { path, value } of partsAt(tree, 'spec.limits[]')) {
    if (!isMap(value)) continue
    const { type } = value
    if (!['Pod', 'Container', 'PersistentVolumeClaim'].includes(textOf(type)))
      yield {
        path: [...path, 'type'],
        value: type,
        advice: 'must be Container, Pod or PersistentVolumeClaim',
      }
    if (types.has(type))
      yield { path: [...path, 'type'], value: type, advice: 'stands there already: keep one' }
    types.add(type)
    yield* oneLimit({ path, value })
  }
}

function* oneLimit({ path, value }: Part): Iterable<Finding> {
  for (const field of [...orders, 'maxLimitRequestRatio'])
    for (const part of entriesAt(value, field)) {
      const place = { path: [...path, ...part.path], value: part.value }
      if (!/^(cpu|memory|ephemeral-storage|storage|hugepages-.+)$|\//.test(String(part.path.at(-1))))
        yield { path: place.path, advice: 'is no resource: for example cpu, memory' }
      yield* badQuantity(place)
      if (isMap(value) && value['type'] === 'Pod' && notForPods.includes(field))
        yield { ...place, advice: 'may not be there for Pods: write it for Container' }
    }
  yield* disordered({ path, value })
}

/** Of one resource: min, defaultRequest, default, max, each at most the next. */
function* disordered({ path, value }: Part): Iterable<Finding> {
  const seen = new Map<string, readonly [field: string, number: number]>()
  for (const field of orders)
    for (const part of entriesAt(value, field)) {
      const resource = String(part.path.at(-1))
      const number = parseQuantity(part.value)
      const before = seen.get(resource)
      if (number === undefined) continue
      if (before !== undefined && before[1] > number)
        yield {
          path: [...path, ...part.path],
          value: part.value,
          advice: `is less than ${before[0]}: write more`,
        }
      seen.set(resource, [field, number])
    }
}

function* badQuantity({ path, value }: Part): Iterable<Finding> {
  const number = parseQuantity(value)
  if (number === undefined) yield { path, value, advice: 'is no quantity: for example 500m, 2Gi or 10' }
  else if (number < 0) yield { path, value, advice: 'is less than nothing: write 0 or more' }
}

function entriesAt(tree: Tree, pattern: string): readonly Part[] {
  return partsAt(tree, `${pattern}.*`)
}

/** A quantity of Kubernetes (`500m`, `2Gi`, `1e3`) as a number; undefined when the API server would not take it for one. */
function parseQuantity(value: unknown): number | undefined {
  const [, digits, binary, decimal, exponent] = form.exec(String(value)) ?? []
  if (digits === undefined) return undefined
  const number = Number(digits)
  if (binary !== undefined) return number * 1024 ** (binaries.indexOf(binary) + 1)
  const power = decimal === undefined ? Number(exponent ?? 0) : (decimals[decimal] ?? 0)
  // Divided, not multiplied: 4100m is 4.1 then, to the last bit.
  return power < 0 ? number / 10 ** -power : number * 10 ** power
}
