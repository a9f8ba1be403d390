import type { Manifest, View } from '../environment-repository/port.ts'
import type { Application } from '../preview/application.ts'
import type { MergeRequest } from '../preview/merge-request.ts'
import type { PreviewNames } from '../preview/name.ts'
import type { ObjectId } from '../preview/object-id.ts'
import { previewId } from '../preview/preview-id.ts'
import { type Refusal, render } from '../render/render.ts'
import type { Ports, Settings } from './settings.ts'
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
  /** Whether each other manifest still holds what it held: else the policy may decide otherwise. */
  readonly holdsAt: (view: View, standing: readonly Manifest[]) => boolean
}

export interface PreviewToRender {
  readonly application: Application
  readonly mergeRequest: MergeRequest
  readonly names: PreviewNames
  readonly path: string
  readonly view: View
  readonly standing: readonly Manifest[]
}

interface RenderContext {
  readonly settings: Settings
  readonly ports: Pick<Ports, 'repository' | 'projects'>
}

/**
 * Reads the template at the view's tip and renders it: everything that depends on the branch and the merge request alone.
 * `before`: the same merge request at an older tip; it is given back when nothing that it depends on has moved.
 */
export async function renderPreview(
  context: RenderContext,
  preview: PreviewToRender,
  before: RenderedPreview | null,
): Promise<RenderedPreview> {
  const { application, view, standing } = preview
  const file = await context.ports.repository.template(view, application.template)
  if (before !== null && before.template === (file?.blob ?? null) && before.holdsAt(view, standing))
    return before
  const variables = templateVariables(application, preview.mergeRequest, preview.names)
  const holders = rememberHolders(preview)
  const refusals = [noTemplate(context.settings, application)]
  const rendered =
    file === undefined
      ? { kind: 'refused' as const, refusals }
      : render(renderInput(context, preview, variables, file.text, holders.holderOf))
  return {
    path: preview.path,
    content: rendered.kind === 'refused' ? '' : rendered.content,
    url: variables.url,
    refusals: rendered.kind === 'refused' ? rendered.refusals : [],
    template: file?.blob ?? null,
    holdsAt: holders.holdsAt,
  }
}

function renderInput(
  { settings, ports }: RenderContext,
  { application, mergeRequest, names, path }: PreviewToRender,
  variables: ReturnType<typeof templateVariables>,
  text: string,
  holderOf: (object: ObjectId) => string | undefined,
): Parameters<typeof render>[0] {
  const { policy, environment, agentNamespace } = settings
  return {
    template: { name: application.template, text },
    variables,
    annotations: {
      'mayfly.dev/preview': previewId(application.name, mergeRequest.number),
      'mayfly.dev/merge-request': mergeRequest.url,
      'mayfly.dev/sha': mergeRequest.sha,
      'mayfly.dev/repository-id': mergeRequest.repository.id,
    },
    policy: {
      ...policy,
      repositories: [...policy.repositories, environment.url, mergeRequest.repository.cloneUrl],
      namespace: names.namespace,
      projectsThere: ports.projects(),
      agentNamespace,
    },
    path,
    holderOf,
  }
}

/** Which other manifest holds an object, and whether all these answers are the same at another tip. */
function rememberHolders({ view, standing }: PreviewToRender) {
  const answers: { readonly object: ObjectId; readonly holder: string | undefined }[] = []
  return {
    holderOf: (object: ObjectId): string | undefined => {
      const holder = otherHolder(view, standing, object)
      answers.push({ object, holder })
      return holder
    },
    holdsAt: (later: View, standingThen: readonly Manifest[]): boolean =>
      answers.every(({ object, holder }) => otherHolder(later, standingThen, object) === holder),
  }
}

/** A manifest of the same preview under an older name goes in the same commit: it holds nothing against the new one. */
function otherHolder(view: View, standing: readonly Manifest[], object: ObjectId): string | undefined {
  const holder = view.holderOf(object)
  return standing.some(({ path }) => path === holder) ? undefined : holder
}

function noTemplate({ environment }: Settings, { template }: Application): Refusal {
  return {
    document: 0,
    path: `${environment.templates}/${template}`,
    value: '',
    rule: 'template',
    message: `there is no template ${template} in ${environment.templates}/ of the branch ${environment.branch}: add it there, or correct the application's template`,
  }
}
