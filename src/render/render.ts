import type { ObjectId } from '../preview/brand.ts'
import { bindSecondParsers } from './bind/second-parsers.ts'
import { fill, type Filled } from './fill/fill.ts'
import { type Template, refuseTemplate } from './fill/parse-template.ts'
import { checkPolicy, idOf } from './policy/check-policy.ts'
import { readObject } from './policy/read-object.ts'
import type { ManifestObject } from './policy/rule.ts'
import type { Policy } from './policy.ts'
import { Refused, type Refusal, refusal } from './refusal.ts'
import type { Variables } from './variables.ts'
import { writeTree } from './write/write-tree.ts'
import { isMap, type TreeMap } from './bind/tree.ts'
import { bind, type ResolvedDocument } from './bind/bind.ts'
import { parseDocuments } from './bind/parse-documents.ts'

export type { Refusal } from './refusal.ts'

export interface RenderRequest {
  /** `name` is the file's, for messages. */
  readonly template: Template
  readonly variables: Variables
  /** Mayfly's own marks, put on every object beside the label `app.kubernetes.io/managed-by: mayfly`. */
  readonly annotations: Readonly<Record<string, string>>
  readonly policy: Policy
  /** The manifest's own path in the environment repository. */
  readonly path: string
  /** The path of a manifest that already holds an object; the own path is fine. */
  readonly holderOf: (object: ObjectId) => string | undefined
}

/** Either the bytes to commit, or every reason why there are none. */
export type Rendered =
  | { readonly kind: 'rendered'; readonly content: string; readonly objects: readonly ObjectId[] }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }

/**
 * A template and values as a manifest that passes the policy. Pure: the same request gives the same bytes. Values never
 * become structure: the template is read as YAML with tokens in their places, and they are put into its scalars.
 */
export function render(request: RenderRequest): Rendered {
  try {
    const objects = read(request)
    const { policy, path, holderOf, variables, annotations: marks } = request
    const refusals = checkPolicy({ policy, name: variables.name, marks, objects }, path, holderOf)
    return refusals.length > 0 ? { kind: 'refused', refusals } : write(request, objects)
  } catch (error) {
    if (error instanceof Refused) return { kind: 'refused', refusals: error.refusals }
    throw error
  }
}

function read({ template, variables }: RenderRequest): readonly ManifestObject[] {
  // A preview without an address has none to print.
  const { url, host } = variables
  const filled = fill(template, {
    ...variables,
    url: url === '' ? null : url,
    host: host === '' ? null : host,
  })
  return bindAll(filled, template.name).map((resolved, index) =>
    readObject(bindSecondParsers(resolved, index + 1, filled.tokens), index + 1),
  )
}

const largestManifest = 256 * 1024

function write({ template, annotations }: RenderRequest, objects: readonly ManifestObject[]): Rendered {
  const documents = objects.map(({ tree }) => writeTree(stamp(tree, annotations)))
  const content = `# Written by Mayfly from ${template.name.replaceAll(/[^\w./-]/g, '_')}; changes made here are overwritten.\n${documents.join('---\n')}`
  if (Buffer.byteLength(content) <= largestManifest)
    return { kind: 'rendered', content, objects: objects.map(idOf) }
  const advice = 'renders more than 256 KiB: make the template smaller, or use {{truncate …}}'
  return {
    kind: 'refused',
    refusals: [refusal({ document: 0, path: template.name, value: undefined, rule: 'size', advice })],
  }
}

/** The object with Mayfly's marks beside the template's own labels and annotations. */
function stamp(object: TreeMap, marks: Readonly<Record<string, string>>): TreeMap {
  const metadata = isMap(object['metadata']) ? object['metadata'] : {}
  const labels = isMap(metadata['labels']) ? metadata['labels'] : {}
  const annotations = isMap(metadata['annotations']) ? metadata['annotations'] : {}
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...labels, 'app.kubernetes.io/managed-by': 'mayfly' },
      annotations: { ...annotations, ...marks },
    },
  }
}

/** The documents of a filled template, values in their places. @throws Refused when it is no good YAML. */
function bindAll(filled: Filled, templateName: string): readonly ResolvedDocument[] {
  const reading = parseDocuments(filled.text)
  if (reading.kind === 'broken')
    refuseTemplate(templateName, filled.lineOf(reading.line), `renders broken YAML: ${reading.message}`)
  if (reading.documents.length === 0)
    refuseTemplate(templateName, 1, 'renders no document: a preview needs at least its Namespace')
  return reading.documents.map((document, index) =>
    bind(document, { document: index + 1, prefix: '', tokens: filled.tokens }),
  )
}
