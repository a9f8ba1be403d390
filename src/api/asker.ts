/** Who asks for a pass, once it is proven. */
export type Asker =
  /** Whoever has one of the operator's tokens: may ask for every application. */
  | { readonly kind: 'token' }
  /** A CI job: may ask for its own repository, which has a name on each forge that its issuer stands for. */
  | { readonly kind: 'job'; readonly repositories: readonly JobRepository[] }

/** What an issuer says of the repository of a job. */
export interface JobRepository {
  /** The name of the forge in the configuration. */
  readonly forge: string
  /** The forge's own number, as text. */
  readonly id: string
  /** Today's path, for example `acme/shop`. */
  readonly fullName: string
}

/** Why nobody is proven to ask; `error` is for whoever does, and holds nothing of what they sent. */
export type NotProven =
  | { readonly kind: 'unproven'; readonly error: string }
  /** It could not be found out now. */
  | { readonly kind: 'unsure'; readonly error: string }

export function unproven(error: string): NotProven {
  return { kind: 'unproven', error }
}
