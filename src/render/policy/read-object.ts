import type { TwiceResolved } from '../bind/second-parsers.ts'
import { at, isMap } from '../bind/tree.ts'
import { refuse } from '../refusal.ts'
import type { ManifestObject } from './rule.ts'

/** The document as an object of Kubernetes. @throws Refused when it does not say what it is. */
export function readObject(resolved: TwiceResolved, document: number): ManifestObject {
  const { tree } = resolved
  if (!isMap(tree))
    refuse({
      document,
      path: '(top)',
      value: tree,
      rule: 'identity',
      advice: 'is no object: write apiVersion, kind and metadata',
    })
  const apiVersion = textAt(resolved, ['apiVersion'], document)
  const kind = textAt(resolved, ['kind'], document)
  if (kind.endsWith('List') || Object.hasOwn(tree, 'items'))
    refuse({
      document,
      path: 'kind',
      value: kind,
      rule: 'identity',
      advice: 'is a list of objects: write each as a document of its own, with --- between them',
    })
  const name = textAt(resolved, ['metadata', 'name'], document)
  const namespace =
    at(tree, ['metadata', 'namespace']) === undefined
      ? ''
      : textAt(resolved, ['metadata', 'namespace'], document)
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  return { document, apiVersion, group, kind, name, namespace, tree, resolved }
}

function textAt({ tree }: TwiceResolved, path: readonly string[], document: number): string {
  const value = at(tree, path)
  if (typeof value === 'string' && value !== '') return value
  return refuse({
    document,
    path: path.join('.'),
    value,
    rule: 'identity',
    advice: 'must be there and be a text: without it this is no object',
  })
}
