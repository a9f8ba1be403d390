import { nearest } from '../../nearest.ts'
import type { Draft } from '../draft.ts'
import type { Finding } from '../finding.ts'
import { type Path, valueAt } from '../path.ts'
import type { Rule } from '../rule.ts'
import type { Sight } from '../sight.ts'
import { parseUrl } from '../url.ts'

export const templateRules: readonly Rule[] = [urlTemplatesWork, imageTemplatesWork]

/** What has an alphabet of its own. The rest is somebody's text, and could lead a reader elsewhere. */
const usable = ['name', 'namespace', 'application', 'number', 'slug', 'sha', 'shortSha']
const untrusted = ['branch', 'targetBranch', 'author', 'title', 'labels', 'mergeRequestUrl', 'repository']

function urlTemplatesWork({ applications = [] }: Draft, sight: Sight): readonly Finding[] {
  return applications.flatMap((application, index) => {
    const path = ['applications', index, 'url']
    if (application?.url === undefined) return []
    const faults = templateFaults(application.url, path, sight)
    return faults.length > 0 ? faults : urlFaults(application.url, path, sight)
  })
}

function imageTemplatesWork({ applications = [] }: Draft, sight: Sight): readonly Finding[] {
  return applications.flatMap((application, index) => {
    const path = ['applications', index, 'image']
    if (application?.image === undefined) return []
    const faults = templateFaults(application.image, path, sight)
    if (faults.length > 0 || /^[\w./:@-]+$/.test(filled(application.image))) return faults
    const hint = 'for example `registry.acme.dev/shop:{{sha}}`'
    return [{ path, message: `${sight.shown(path)} gives no name of an image`, hint }]
  })
}

function templateFaults(template: string, path: Path, sight: Sight): readonly Finding[] {
  const expressions = [...template.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, inner = '']) => inner.trim())
  if (/[{}]/.test(filled(template)))
    return [{ path, message: 'has a brace without its partner', hint: 'write variables as `{{name}}`' }]
  return expressions.flatMap((name) => variableFault(name, path, sight))
}

function variableFault(name: string, path: Path, sight: Sight): readonly Finding[] {
  if (usable.includes(name)) return []
  const values = sight.value([...path.slice(0, -1), 'values']) ?? {}
  const own = Object.keys(values).map((key) => `values.${key}`)
  const value = valueAt({ values }, name.split('.'))
  if (value !== undefined) return valueFault(name, value, path)
  const [head = ''] = name.split('.')
  if (untrusted.includes(head)) {
    const hint = 'use `{{slug}}`, `{{number}}` or `{{name}}`'
    return [{ path, message: `\`{{${name}}}\` is free text and may not stand here`, hint }]
  }
  const meant = nearest(name, [...usable, ...own])
  const hint =
    meant === undefined ? `there is: ${[...usable, 'values.*'].join(', ')}` : `did you mean \`{{${meant}}}\`?`
  return [{ path, message: `there is no variable \`{{${name}}}\``, hint }]
}

function valueFault(name: string, value: unknown, path: Path): readonly Finding[] {
  if (typeof value === 'string' || typeof value === 'number') return []
  return [{ path, message: `\`{{${name}}}\` is no text`, hint: 'a list or mapping cannot stand here' }]
}

function urlFaults(template: string, path: Path, sight: Sight): readonly Finding[] {
  const url = parseUrl(filled(template))
  const httpUrl = url !== undefined && ['http:', 'https:'].includes(url.protocol) && url.username === ''
  if (httpUrl && /^https?:\/\/[^/]/.test(template)) return []
  const hint = 'for example `https://{{name}}.preview.acme.dev`'
  return [{ path, message: `${sight.shown(path)} gives no http(s) URL`, hint }]
}

/** The template with something harmless in place of every variable. */
function filled(template: string): string {
  return template.replaceAll(/\{\{[^{}]*\}\}/g, 'a1')
}
