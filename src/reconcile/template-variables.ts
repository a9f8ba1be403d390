import type { Application } from '../preview/application.ts'
import { shortSha } from '../preview/brand.ts'
import type { MergeRequest } from '../preview/merge-request.ts'
import type { PreviewNames } from '../preview/name.ts'
import { renderImage, renderUrl } from '../render/render-url-and-image.ts'
import type { Variables } from '../render/variables.ts'

/** Images by name, `''` for an application that has but one. */
export type Images = Readonly<Record<string, string>>

/**
 * All that a template can say about one preview. `pinned`: images by the digests that were found, in the place of their tags.
 * @throws Stalled when the application's own `url` or `image` gives nothing usable.
 */
export function templateVariables(
  application: Application,
  mergeRequest: MergeRequest,
  names: PreviewNames,
  pinned: Images = {},
): Variables {
  const known = knownBefore(application, mergeRequest, names)
  const url = application.url === null ? null : renderUrl(application.url, known)
  const images = { ...renderImages(application.image, known), ...pinned }
  const image = isOne(application.image) ? (images[''] ?? null) : images
  return { ...known, url, host: url === null ? null : new URL(url).host, image }
}

/**
 * The images of a preview by their tags.
 * @throws Stalled when a template gives nothing usable.
 */
export function imagesOf(application: Application, mergeRequest: MergeRequest, names: PreviewNames): Images {
  return renderImages(application.image, knownBefore(application, mergeRequest, names))
}

function renderImages(image: Application['image'], known: ReturnType<typeof knownBefore>): Images {
  if (image === null) return {}
  const templates = isOne(image) ? { '': image } : image
  return Object.fromEntries(
    Object.entries(templates).map(([name, template]) => [name, renderImage(template, known)]),
  )
}

function isOne(image: Application['image']): image is string | null {
  return image === null || typeof image === 'string'
}

function knownBefore(
  application: Application,
  mergeRequest: MergeRequest,
  { name, namespace, slug }: PreviewNames,
) {
  const { repository } = mergeRequest
  const cut = repository.fullName.lastIndexOf('/')
  return {
    name,
    namespace,
    application: application.name,
    number: mergeRequest.number,
    branch: mergeRequest.branch,
    slug,
    targetBranch: mergeRequest.targetBranch,
    sha: mergeRequest.sha,
    shortSha: shortSha(mergeRequest.sha),
    author: mergeRequest.author.login,
    title: mergeRequest.title,
    labels: mergeRequest.labels,
    mergeRequestUrl: mergeRequest.url,
    repository: {
      fullName: repository.fullName,
      owner: repository.fullName.slice(0, cut),
      name: repository.fullName.slice(cut + 1),
      cloneUrl: repository.cloneUrl,
    },
    sourceCloneUrl: mergeRequest.sourceCloneUrl ?? repository.cloneUrl,
    values: application.values,
  }
}
