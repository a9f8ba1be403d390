import type { Manifest, View } from '../environment-repository/port.ts'
import type { Application } from '../preview/application.ts'
import type { MergeRequest } from '../preview/merge-request.ts'
import type { PreviewNames } from '../preview/name.ts'
import { previewId } from '../preview/preview-id.ts'
import { type Refusal, render } from '../render/render.ts'
import type { Installation } from './installation.ts'
import { templateVariables } from './template-variables.ts'

export interface RenderedPreview {
  /** Where it is written. */
  readonly path: string
  /** Empty when refused. */
  readonly content: string
  readonly url: string | null
  readonly refusals: readonly Refusal[]
  /** Blob id of the template; null when there is none of that name. */
  readonly template: string | null
}

export interface PreviewToRender {
  readonly application: Application
  readonly mergeRequest: MergeRequest
  readonly names: PreviewNames
  readonly path: string
  readonly view: View
  readonly standing: readonly Manifest[]
}

/** Reads the template at the view's tip and renders it: everything that depends on the branch and the merge request alone. */
export async function renderPreview(
  installation: Installation,
  preview: PreviewToRender,
): Promise<RenderedPreview> {
  const { application, mergeRequest, names, view, path } = preview
  const file = await installation.repository.template(view, application.template)
  const variables = templateVariables(application, mergeRequest, names)
  const { url } = variables
  if (file === undefined)
    return { path, content: '', url, refusals: [noTemplate(installation, application)], template: null }
  const rendered = render({
    template: { name: application.template, text: file.text },
    variables,
    annotations: {
      'mayfly.dev/preview': previewId(application.name, mergeRequest.number),
      'mayfly.dev/merge-request': mergeRequest.url,
      'mayfly.dev/sha': mergeRequest.sha,
      'mayfly.dev/repository-id': mergeRequest.repository.id,
    },
    policy: {
      ...installation.policy,
      repositories: [
        ...installation.policy.repositories,
        installation.environment.url,
        mergeRequest.repository.cloneUrl,
      ],
      namespace: names.namespace,
      projectsThere: installation.projects(),
      agentNamespace: installation.agentNamespace,
    },
    path,
    holderOf: (object) => otherHolder(preview, view.holderOf(object)),
  })
  if (rendered.kind === 'refused')
    return { path, content: '', url, refusals: rendered.refusals, template: file.blob }
  return { path, content: rendered.content, url, refusals: [], template: file.blob }
}

/** A manifest of the same preview under an older name goes in the same commit: it holds nothing against the new one. */
function otherHolder({ standing }: PreviewToRender, holder: string | undefined): string | undefined {
  return standing.some(({ path }) => path === holder) ? undefined : holder
}

function noTemplate({ environment }: Installation, { template }: Application): Refusal {
  return {
    document: 0,
    path: `${environment.templates}/${template}`,
    value: '',
    rule: 'template',
    message: `there is no template ${template} in ${environment.templates}/ of the branch ${environment.branch}: add it there, or correct the application's template`,
  }
}
