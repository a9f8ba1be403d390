import { Stalled } from '../preview/errors.ts'
import { renderLine } from './render-line.ts'
import type { Variables } from './variables.ts'

/**
 * The address of a preview, from `applications[].url`.
 * @throws Stalled when the template is wrong or gives no http(s) URL.
 */
export function renderUrl(template: string, variables: Omit<Variables, 'url' | 'host' | 'image'>): string {
  const url = renderLine('url', template, variables)
  const isWeb = URL.canParse(url) && /^https?:\/\/[^/@\\\s?#]+([/?#][^\s\\]*)?$/.test(url)
  if (!isWeb)
    throw new Stalled(
      `the application's url gives ${JSON.stringify(url)}, which is no http(s) URL: write one such as https://{{name}}.preview.acme.dev`,
    )
  const fault = hostFault(new URL(url).hostname)
  if (fault !== null)
    throw new Stalled(
      `the application's url ${JSON.stringify(template)} gives ${JSON.stringify(url)}, where ${fault}: write {{name}}, which is short enough, or cut as in {{truncate slug 40}}`,
    )
  return url
}

/** What no DNS server would have: https://www.rfc-editor.org/rfc/rfc1123#section-2.1. An address in numbers is none of its business. */
function hostFault(host: string): string | null {
  if (host.startsWith('[')) return null
  if (host.length > 253) return `the host has ${host.length} characters, and 253 are the most`
  for (const label of host.replace(/\.$/, '').split('.')) {
    if (label === '') return 'a part of the host is empty'
    const shown = JSON.stringify(label)
    if (label.length > 63)
      return `the part ${shown} of the host has ${label.length} characters, and 63 are the most`
    if (!/^[a-z0-9-]+$/.test(label))
      return `the part ${shown} of the host holds more than letters, digits and dashes`
    if (label.startsWith('-') || label.endsWith('-'))
      return `the part ${shown} of the host begins or ends with a dash`
  }
  return null
}

/**
 * The image of a preview, from `applications[].image`.
 * @throws Stalled when the template is wrong or gives no image reference.
 */
export function renderImage(template: string, variables: Omit<Variables, 'url' | 'host' | 'image'>): string {
  const image = renderLine('image', template, variables)
  if (/^[A-Za-z0-9][\w./:@-]*$/.test(image)) return image
  throw new Stalled(
    `the application's image gives ${JSON.stringify(image)}, which is no image: write one such as registry.acme.dev/shop:{{sha}}`,
  )
}
