import { parse, parseAllDocuments } from 'yaml'

type Json = Record<string, unknown>

/** A manifest as the agent reads it: all documents, texts that it parses again parsed again. */
export function parsedManifest(content: string): readonly unknown[] {
  return parseAllDocuments(content, { version: '1.1', merge: false, uniqueKeys: true }).map((document) => {
    if (document.errors.length > 0)
      throw new Error(`the agent could not read it: ${String(document.errors[0])}`)
    return JSON.parse(JSON.stringify(document.toJS()), secondParser) as unknown
  })
}

function secondParser(key: string, value: unknown): unknown {
  if ((key === 'values' || key === 'patch') && typeof value === 'string')
    return parse(value, { version: '1.1', merge: false }) as unknown
  return value
}

/** The same with every text replaced by one word, so that only keys, types and lengths of lists are left. */
export function shapeOf(value: unknown): unknown {
  if (typeof value === 'string') return 'text'
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value as Json).map(([key, inner]) => [key, shapeOf(inner)]))
}

/** Every text in it. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsIn)
}
