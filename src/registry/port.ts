/** The registries of images. */
export interface ImageRegistry {
  /**
   * Looks for the manifest of an exact reference, for example `registry.acme.dev/team/shop:d4e5f6a`. Throws `RetryLater` when the
   * registry does not answer, answers oddly or asks to slow down.
   */
  find(reference: string): Promise<ImageReading>
}

/**
 * `missing`: the registry says that there is none. `forbidden`: it does not let us look, `why` names the right. `invalid`: the reference
 * names nothing that may be asked.
 */
export type ImageReading =
  | { readonly kind: 'there'; readonly digest: string | null }
  | { readonly kind: 'missing' }
  | { readonly kind: 'forbidden'; readonly why: string }
  | { readonly kind: 'invalid'; readonly why: string }
