/** How a look at one merge request ended. Errors are thrown instead. */
export type Outcome =
  | { readonly kind: 'settled' }
  /** Look again after `afterMs`; an event comes first all the same. */
  | { readonly kind: 'waiting'; readonly afterMs: number; readonly why: string }
  /** A human or new input is needed; the sweep will look again. */
  | { readonly kind: 'stalled'; readonly why: string }

/** Who asked for a look: a verified event on that merge request (or a person), or nobody in particular. */
export type Trigger = 'event' | 'sweep'
