import type { Filled } from '../fill/fill.ts'
import { refuseTemplate } from '../fill/parse-template.ts'
import { bind, type Bound } from './bind.ts'
import { parseDocuments } from './parse-documents.ts'

/** The documents of a filled template, values in their places. @throws Refused when it is no good YAML. */
export function bindAll(filled: Filled, templateName: string): readonly Bound[] {
  const reading = parseDocuments(filled.text)
  if (reading.kind === 'broken')
    refuseTemplate(templateName, filled.lineOf(reading.line), `renders broken YAML: ${reading.message}`)
  if (reading.documents.length === 0)
    refuseTemplate(templateName, 1, 'renders no document: a preview needs at least its Namespace')
  return reading.documents.map((document, index) =>
    bind(document, { document: index + 1, prefix: '', tokens: filled.tokens }),
  )
}
