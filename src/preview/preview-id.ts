import type { Application } from './application.ts'
import type { Brand } from './brand.ts'
import { type MergeRequestKey, mergeRequestKey } from './key.ts'

/** `<application>/<number>`, for example `shop/142`: one environment, whatever its name is today. */
export type PreviewId = Brand<'PreviewId'>

/** `application` follows the rule for application names; `number` is the merge request's. */
export function previewId(application: string, number: number): PreviewId {
  return `${application}/${number}` as PreviewId
}

/** The parts of a preview id, or undefined when `text` is none (a manifest written by somebody else). */
export function parsePreviewId(text: string): { application: string; number: number } | undefined {
  const [, application, digits] = /^([a-z][a-z0-9-]*)\/([1-9][0-9]{0,14})$/.exec(text) ?? []
  return application === undefined ? undefined : { application, number: Number(digits) }
}

/** Whose name this is, for example `shop-142-cart`: no word of an application's name begins with a digit. Undefined: nobody's. */
export function previewOfName(name: string): PreviewId | undefined {
  const [, application, digits] =
    /^([a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*)-([1-9][0-9]{0,14})(?:-.*)?$/.exec(name) ?? []
  return application === undefined ? undefined : previewId(application, Number(digits))
}

/** The merge request that a preview belongs to; null when the configuration does not name its application. */
export function keyOfPreview(
  applications: readonly Application[],
  preview: PreviewId,
): MergeRequestKey | null {
  const parts = parsePreviewId(preview)
  const application = applications.find(({ name }) => name === parts?.application)
  if (parts === undefined || application === undefined) return null
  const { forge, repository } = application
  return mergeRequestKey({ forge, repository, number: parts.number })
}
