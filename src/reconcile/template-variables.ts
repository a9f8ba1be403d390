import type { Application } from '../preview/application.ts'
import { shortSha } from '../preview/brand.ts'
import type { MergeRequest } from '../preview/merge-request.ts'
import type { PreviewNames } from '../preview/name.ts'
import { renderImage, renderUrl } from '../render/render-url-and-image.ts'
import type { Variables } from '../render/variables.ts'

/**
 * All that a template can say about one preview.
 * @throws Stalled when the application's own `url` or `image` gives nothing usable.
 */
export function templateVariables(
  application: Application,
  mergeRequest: MergeRequest,
  names: PreviewNames,
): Variables {
  const known = knownBefore(application, mergeRequest, names)
  const url = application.url === null ? null : renderUrl(application.url, known)
  const image = application.image === null ? null : renderImage(application.image, known)
  return { ...known, url, host: url === null ? null : new URL(url).host, image }
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
    values: application.values,
  }
}
