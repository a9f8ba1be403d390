import type { Manifest } from '../environment-repository/port.ts'
import { parseMergeRequestKey } from '../preview/key.ts'
import { namespaceOf, previewNames } from '../preview/name.ts'
import type { Installation } from './installation.ts'
import type { PreviewContext } from './preview-context.ts'

/** Name and namespace of a preview: of the manifest that stands or stood, else as they would be. */
export function namesOf(
  { naming }: Installation,
  { application, key, reading }: PreviewContext,
  standing: readonly Manifest[],
): { readonly name: string; readonly namespace: string } {
  const { number } = parseMergeRequestKey(key)
  const branch = reading.kind === 'found' ? reading.mergeRequest.branch : ''
  const { name, namespace } = previewNames(application.name, number, branch, naming)
  const stood = reading.kind === 'found' ? undefined : standing[0]?.name
  if (stood === undefined) return { name, namespace }
  return { name: stood, namespace: namespaceOf(stood, naming) }
}
