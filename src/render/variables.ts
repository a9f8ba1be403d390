/** What a template may say, `{{name}}` to `{{values.anything}}`. Untrusted, but for `application` and `values`. */
export interface Variables {
  readonly name: string
  readonly namespace: string
  /** Null when the application has no URL; so is `host`. */
  readonly url: string | null
  readonly host: string | null
  readonly application: string
  readonly number: number
  readonly branch: string
  readonly slug: string
  readonly targetBranch: string
  readonly sha: string
  readonly shortSha: string
  readonly author: string
  readonly title: string
  readonly labels: readonly string[]
  readonly mergeRequestUrl: string
  readonly repository: {
    readonly fullName: string
    readonly owner: string
    readonly name: string
    readonly cloneUrl: string
  }
  /** Where the source branch is: for a fork the fork's own, elsewhere the same as `repository.cloneUrl`. */
  readonly sourceCloneUrl: string
  /** One, or several by name; null when the application names none. */
  readonly image: string | Readonly<Record<string, string>> | null
  /** The operator's own constants from the configuration. */
  readonly values: Readonly<Record<string, unknown>>
}
