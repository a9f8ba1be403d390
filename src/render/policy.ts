/** What a manifest of one preview may contain. */
export interface Policy {
  /** `Kind` for the built-in kinds and those of the core API, `Kind.group` for others. Never Secret. */
  readonly kinds: readonly string[]
  /** Argo CD projects by glob; null: any. Never `default`. */
  readonly projects: readonly string[] | null
  /** Those that Argo CD has; null: not known. */
  readonly projectsThere: ReadonlySet<string> | null
  /** Repository URLs, exact or by glob (`*` within a path segment, `**` across). */
  readonly repositories: readonly string[]
  /** Where the commit of a fork is: allowed for this one commit only. Absent: nothing comes from a fork. */
  readonly fork?: { readonly url: string; readonly sha: string }
  /** Clusters by server URL or name. */
  readonly destinations: readonly string[]
  /** The preview's own. */
  readonly namespace: string
  /** Where Argo CD or Flux lives; null: `argocd` and `flux-system`. */
  readonly agentNamespace: string | null
}
