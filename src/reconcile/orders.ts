/** What people have asked for on a merge request, as its comments tell: state of the forge, read anew in each pass. */
export interface Orders {
  /** Who approves the newest commit now; null: nobody. */
  readonly approvedBy: string | null
  /** Who asks now that its previews end until the next push; null: nobody. */
  readonly evictedBy: string | null
  /** Who asks now that an older version is put back, and which; null: nobody. */
  readonly rollback: { readonly by: string; readonly sha: string | null } | null
  /** Who asks now that the newest commit is written again; null: nobody. */
  readonly redeployedBy: string | null
  /** Marks what was asked for as done. */
  readonly finish: () => Promise<void>
}

export const noOrders: Orders = {
  approvedBy: null,
  evictedBy: null,
  rollback: null,
  redeployedBy: null,
  finish: () => Promise.resolve(),
}
