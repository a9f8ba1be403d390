import type { Application } from '../preview/application.ts'
import { type MergeRequestKey, mergeRequestKey } from '../preview/key.ts'
import { parsePreviewId, type PreviewId } from '../preview/preview-id.ts'

/** The merge request that a preview belongs to; null when the configuration does not name its application. */
export function keyOf(applications: readonly Application[], preview: PreviewId): MergeRequestKey | null {
  const parts = parsePreviewId(preview)
  const application = applications.find(({ name }) => name === parts?.application)
  if (parts === undefined || application === undefined) return null
  return mergeRequestKey({
    forge: application.forge,
    repository: application.repository,
    number: parts.number,
  })
}
