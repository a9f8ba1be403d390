import { at, isMap, type TreeMap } from '../bind/tree.ts'
import type { Finding, ManifestObject, PolicyRule } from './rule.ts'

/** What the API server asks of the keys of a ConfigMap, which are names of files. */
export const configMapRule: PolicyRule = {
  name: 'value',
  check: (object) => (object.kind === 'ConfigMap' && object.group === '' ? configMap(object) : []),
}

function* configMap({ tree }: ManifestObject): Iterable<Finding> {
  const data = mapAt(tree, 'data')
  const binary = mapAt(tree, 'binaryData')
  for (const [field, map] of Object.entries({ data, binaryData: binary }))
    for (const key of Object.keys(map))
      if (!/^[-._A-Za-z0-9]+$/.test(key) || key.length > 253 || key === '.' || key.startsWith('..'))
        yield { path: [field, key], advice: 'is no key of a ConfigMap: at most 253 letters, digits, - _ .' }
  for (const [key, value] of Object.entries(binary)) {
    if (Object.hasOwn(data, key))
      yield { path: ['binaryData', key], advice: 'stands in data too: keep one of them' }
    if (typeof value === 'string' && !isBase64(value))
      yield { path: ['binaryData', key], value, advice: 'is no base64: encode it, or write it into data' }
  }
}

function mapAt(tree: TreeMap, field: string): TreeMap {
  const found = at(tree, [field])
  return isMap(found) ? found : {}
}

/** With its padding; Go's decoder skips line breaks. */
function isBase64(text: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(
    text.replaceAll(/[\r\n]/g, ''),
  )
}
