import { isMap, type TreeMap } from './bind/tree.ts'

/** The object with Mayfly's marks beside the template's own labels and annotations. */
export function stamp(object: TreeMap, marks: Readonly<Record<string, string>>): TreeMap {
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
