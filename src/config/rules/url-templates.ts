import type { PartialConfig } from '../draft.ts'
import type { ConfigProblem } from '../finding.ts'
import type { Path } from '../path.ts'
import type { ConfigRule } from '../rule.ts'
import type { SourceView } from '../source-view.ts'
import { parseUrl } from '../url.ts'
import { expressionFaults } from './expression-faults.ts'

export const templateRules: readonly ConfigRule[] = [urlTemplatesWork, imageTemplatesWork]

function urlTemplatesWork({ applications = [] }: PartialConfig, view: SourceView): readonly ConfigProblem[] {
  return applications.flatMap((application, index) => {
    const path = ['applications', index, 'url']
    if (application?.url === undefined) return []
    const faults = templateFaults(application.url, path, view)
    return faults.length > 0 ? faults : urlFaults(application.url, path, view)
  })
}

function imageTemplatesWork(
  { applications = [] }: PartialConfig,
  view: SourceView,
): readonly ConfigProblem[] {
  return applications.flatMap((application, index) => {
    const path: Path = ['applications', index, 'image']
    const image = application?.image
    if (typeof image === 'string') return imageFaults(image, path, index, view)
    return Object.entries(image ?? {}).flatMap(([name, template]) =>
      template === undefined ? [] : imageFaults(template, [...path, name], index, view),
    )
  })
}

function imageFaults(
  template: string,
  path: Path,
  index: number,
  view: SourceView,
): readonly ConfigProblem[] {
  const faults = templateFaults(template, path, view, ['applications', index])
  if (faults.length > 0 || /^[\w./:@-]+$/.test(filled(template))) return faults
  const hint = 'for example `registry.acme.dev/shop:{{sha}}`'
  return [{ path, message: `${view.shown(path)} gives no name of an image`, hint }]
}

function templateFaults(
  template: string,
  path: Path,
  view: SourceView,
  application: Path = path.slice(0, -1),
): readonly ConfigProblem[] {
  const expressions = [...template.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, inner = '']) => inner.trim())
  if (/[{}]/.test(filled(template)))
    return [{ path, message: 'has a brace without its partner', hint: 'write variables as `{{name}}`' }]
  const values = view.value([...application, 'values'])
  return expressions.flatMap((expression) => expressionFaults(expression, values, path))
}

function urlFaults(template: string, path: Path, view: SourceView): readonly ConfigProblem[] {
  const url = parseUrl(filled(template))
  const httpUrl = url !== undefined && ['http:', 'https:'].includes(url.protocol) && url.username === ''
  if (httpUrl && /^https?:\/\/[^/]/.test(template)) return []
  const hint = 'for example `https://{{name}}.preview.acme.dev`'
  return [{ path, message: `${view.shown(path)} gives no http(s) URL`, hint }]
}

/** The template with something harmless in place of every variable. */
function filled(template: string): string {
  return template.replaceAll(/\{\{[^{}]*\}\}/g, 'a1')
}
