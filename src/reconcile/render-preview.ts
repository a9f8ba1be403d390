import type { Manifest, View } from '../environment-repository/port.ts'
import type { Application } from '../preview/application.ts'
import type { MergeRequest } from '../preview/merge-request.ts'
import { nearest } from '../nearest.ts'
import type { PreviewNames } from '../preview/name.ts'
import type { ObjectId } from '../preview/brand.ts'
import { previewId } from '../preview/preview-id.ts'
import type { Policy } from '../render/policy.ts'
import { type Refusal, render } from '../render/render.ts'
import type { Ports, Settings } from './settings.ts'
import { authorOf } from './preview-author.ts'
import { mayShareUrl } from './shared-url.ts'
import { imagesAnnotation, writePins } from './image-pins.ts'
import { approvedAnnotations } from './trust.ts'
import { type Images, templateVariables } from './template-variables.ts'

export interface RenderedPreview {
  /** Where it is written. */
  readonly path: string
  /** Empty when refused. */
  readonly content: string
  readonly url: string | null
  readonly refusals: readonly Refusal[]
  /** Name of the template. */
  readonly templateFile: string
  /** Its blob id; null when there is none of that name. */
  readonly template: string | null
  /** Which other manifest held each object when it was rendered: at another tip the policy may decide otherwise. */
  readonly holders: readonly Holder[]
}

interface Holder {
  readonly object: ObjectId
  /** Path of the other manifest; undefined: none holds it. */
  readonly path: string | undefined
}

export interface PreviewToRender {
  readonly application: Application
  readonly mergeRequest: MergeRequest
  readonly names: PreviewNames
  readonly path: string
  readonly view: View
  readonly standing: readonly Manifest[]
  /** Images by digest, in the place of their tags. */
  readonly pinned: Images
  /** Who approved this commit of an untrusted author; null: nobody had to. */
  readonly approvedBy: string | null
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
  const name = templateOf(preview)
  const file = await context.ports.repository.template(preview.view, name)
  if (before !== null && isStillTrue(before, preview, file?.blob ?? null)) return before
  const variables = templateVariables(
    preview.application,
    preview.mergeRequest,
    preview.names,
    preview.pinned,
  )
  const made = { path: preview.path, url: variables.url, templateFile: name }
  if (file === undefined || 'why' in file) {
    const refusals = [noTemplate(context.settings, preview, file ?? null)]
    return { ...made, content: '', refusals, template: file?.blob ?? null, holders: [] }
  }
  const holders: Holder[] = []
  const holderOf = (object: ObjectId): string | undefined => {
    const path = otherHolder(preview, object)
    holders.push({ object, path })
    return path
  }
  const rendered = render(renderInput(context, preview, variables, file.text, holderOf))
  const { content, refusals } =
    rendered.kind === 'refused' ? { content: '', refusals: rendered.refusals } : { ...rendered, refusals: [] }
  return { ...made, content, refusals, template: file.blob, holders }
}

/** A commit that needed an approval may have a template of its own. */
function templateOf({ application, approvedBy }: PreviewToRender): string {
  const { template, templateUntrusted } = application
  return approvedBy === null ? template : (templateUntrusted ?? template)
}

/** Whether all that it was rendered from at its own tip is the same at this one. */
function isStillTrue(before: RenderedPreview, preview: PreviewToRender, template: string | null): boolean {
  if (before.template !== template || before.templateFile !== templateOf(preview)) return false
  return before.holders.every(({ object, path }) => otherHolder(preview, object) === path)
}

function renderInput(
  { settings, ports }: RenderContext,
  preview: PreviewToRender,
  variables: ReturnType<typeof templateVariables>,
  text: string,
  holderOf: (object: ObjectId) => string | undefined,
): Parameters<typeof render>[0] {
  const { environment, agentNamespace } = settings
  const { application, mergeRequest, names, path, pinned, approvedBy } = preview
  const { untrusted, ...plain } = settings.policy
  const policy = approvedBy === null ? plain : untrusted
  return {
    template: { name: templateOf(preview), text },
    variables,
    annotations: {
      'mayfly.dev/preview': previewId(application.name, mergeRequest.number),
      'mayfly.dev/merge-request': mergeRequest.url,
      'mayfly.dev/sha': mergeRequest.sha,
      'mayfly.dev/repository-id': mergeRequest.repository.id,
      ...(variables.url !== null && mayShareUrl(application) ? { 'mayfly.dev/url': variables.url } : {}),
      ...(settings.limits.perAuthor === null
        ? {}
        : { 'mayfly.dev/author': authorOf(application.forge, mergeRequest) }),
      ...(approvedBy === null
        ? {}
        : { [approvedAnnotations.sha]: mergeRequest.sha, [approvedAnnotations.by]: approvedBy }),
      ...(Object.keys(pinned).length > 0 ? { [imagesAnnotation]: writePins(pinned) } : {}),
    },
    policy: {
      ...policy,
      repositories: [...policy.repositories, environment.url, mergeRequest.repository.cloneUrl],
      ...forkOf(mergeRequest),
      namespace: names.namespace,
      projectsThere: ports.projects(),
      agentNamespace,
    },
    path,
    holderOf,
  }
}

/** What is rendered was admitted: this commit of the fork, and no other. */
function forkOf({ sourceCloneUrl: url, repository, sha }: MergeRequest): Pick<Policy, 'fork'> {
  return url === undefined || url === repository.cloneUrl ? {} : { fork: { url, sha } }
}

/** A manifest of the same preview under an older name goes in the same commit: it holds nothing against the new one. */
function otherHolder({ view, standing }: PreviewToRender, object: ObjectId): string | undefined {
  const holder = view.holderOf(object)
  return standing.some(({ path }) => path === holder) ? undefined : holder
}

/** `file` null: there is none of that name. */
function noTemplate(
  { environment }: Settings,
  preview: PreviewToRender,
  file: { readonly why: string } | null,
): Refusal {
  const { view } = preview
  const template = templateOf(preview)
  const path = `${environment.templates}/${template}`
  const near = nearest(template, view.templates())
  const meant = near === undefined ? '' : ` (did you mean ${near}?)`
  const message =
    file === null
      ? `there is no template ${template} in ${environment.templates}/ of the branch ${environment.branch}${meant}: add it there, or correct the application's template`
      : `the template ${template} in ${environment.templates}/ of the branch ${environment.branch} cannot be used, for ${file.why}: put a plain text file in its place`
  return { document: 0, path, value: '', rule: 'template', message }
}
