/** Answers whether an image can be pulled, as the OCI distribution specification has it. */
export interface ImageRegistry {
  /**
   * Looks for the manifest of an exact reference, for example `registry.acme.dev/team/shop:d4e5f6a`. Several who ask at once
   * share one look, and its answer holds for two seconds.
   * @throws RetryLater when nothing can be said now: no answer in time, an odd one, a request to slow down.
   */
  find(reference: string): Promise<ImageReading>
}

/** `why` is for people: one line, without any secret, that says what to do. */
export type ImageReading =
  /** `digest` is `sha256:<64 hex>`, or null where the registry does not say it. */
  | { readonly kind: 'there'; readonly digest: string | null }
  | { readonly kind: 'missing' }
  /** Nobody that Mayfly may ask as can look. It says nothing about whether the image is there. */
  | { readonly kind: 'forbidden'; readonly why: string }
  /** This is no reference, or its host must not be asked: only another template helps. */
  | { readonly kind: 'invalid'; readonly why: string }
