import type { ProbeSettings } from '../preview/application.ts'

/** Asks a preview's own address whether it answers. */
export interface Probe {
  /** Asks once. Never throws: whatever goes wrong on the way is `silent`, with the reason in words. */
  check(url: string, probing: ProbeSettings): Promise<ProbeAnswer>
}

export type ProbeAnswer =
  | { readonly kind: 'answers' }
  /** `why` is one line for people, for example `503`; it may quote the address. */
  | { readonly kind: 'silent'; readonly why: string }
