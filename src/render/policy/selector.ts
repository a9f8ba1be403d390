import { partsAt, type Part } from '../bind/path.ts'
import { isList, isMap, textOf } from '../bind/tree.ts'
import { isLabelValue, isQualifiedName } from './qualified-name.ts'
import type { Finding } from './rule.ts'

/** What is wrong with a label selector: keys and values of labels, and what each operator wants. */
export function* badSelector({ path: at, value: selector }: Part): Iterable<Finding> {
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
