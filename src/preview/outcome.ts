/** How a pass over one merge request ended. Errors are thrown instead. */
export type Outcome =
  | { readonly kind: 'settled' }
  /** Reconcile again after `afterMs`; an event comes first all the same. */
  | { readonly kind: 'waiting'; readonly afterMs: number; readonly why: string }
  /** A human or new input is needed; the sweep reconciles it again. */
  | { readonly kind: 'stalled'; readonly why: string }

/** What triggered a pass: a verified event on that merge request (or a person), or nothing in particular. */
export type Trigger = 'event' | 'sweep'
