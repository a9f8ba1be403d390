/** Where things are said to be. */
export interface Address {
  /** For people, without a trailing slash. */
  readonly html: string
  /** Base of the API, without a trailing slash. */
  readonly api: string
}

export function nodeId(kind: string, id: number): string {
  return Buffer.from(`${kind}:${id}`).toString('base64url')
}
