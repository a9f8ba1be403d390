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
  return url
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
