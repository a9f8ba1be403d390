/** The same repository by digest: `registry.acme.dev/shop:1` becomes `registry.acme.dev/shop@sha256:...`. */
export function pinnedImage(reference: string, digest: string): string {
  const [named = ''] = reference.split('@')
  const slash = named.lastIndexOf('/')
  const colon = named.indexOf(':', slash)
  return `${colon === -1 ? named : named.slice(0, colon)}@${digest}`
}
