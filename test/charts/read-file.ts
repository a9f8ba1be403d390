import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'

const root = join(import.meta.dirname, '../..')

/** The text of a file of this repository. */
export function fileText(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** A YAML mapping of this repository. */
export function yamlFile(path: string): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).parse(parse(fileText(path)))
}

const manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  spec: z.record(z.string(), z.unknown()).default({}),
})
export type Manifest = z.infer<typeof manifest>

/** The objects of a text of manifests, in their order. */
export function manifestsOf(text: string): readonly Manifest[] {
  return parseAllDocuments(text).map((document) => manifest.parse(document.toJS()))
}

/** Decides whether values fit a chart, as helm does. */
export function valuesCheck(chart: string): ValidateFunction {
  const schema = JSON.parse(fileText(`charts/${chart}/values.schema.json`)) as object
  return new Ajv({ strict: false, allErrors: true }).compile(schema)
}
