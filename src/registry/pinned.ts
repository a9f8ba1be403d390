/** The reference by digest alone, `repository@sha256:...`: a tag may be moved, what was found may not. A null digest changes nothing. */
export function pinned(reference: string, digest: string | null): string {
  if (digest === null) return reference
  const [name = ''] = reference.split('@')
  // A colon before the last slash belongs to a port.
  return `${name.replace(/:[^:/]*$/, '')}@${digest}`
}
