import type { Manifest } from '../environment-repository/port.ts'
import { pinned } from '../registry/pinned.ts'
import type { Images } from './template-variables.ts'

/** The annotation in which a manifest says what its images were pinned to: one line each, `name=repository@digest`. */
export const imagesAnnotation = 'mayfly.dev/images'

export function writePins(pins: Images): string {
  return Object.entries(pins)
    .map(([name, image]) => `${name}=${image}`)
    .join(' ')
}

/** Of those that the configuration still means: a pin of another repository is none. */
export function pinsOf({ annotations }: Manifest, images: Images): Images {
  const pins = (annotations['images'] ?? '').split(' ').flatMap((pin) => {
    const cut = pin.indexOf('=')
    const [name, image] = [pin.slice(0, cut), pin.slice(cut + 1)]
    const reference = images[name]
    const digest = image.split('@')[1] ?? ''
    return reference !== undefined && image === pinned(reference, digest) ? [[name, image] as const] : []
  })
  return Object.fromEntries(pins)
}
