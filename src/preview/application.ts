/** A configured source repository with its template; several may share one repository. */
export interface Application {
  /** Matches `^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$`. */
  readonly name: string
  /** The name of a configured forge. */
  readonly forge: string
  readonly repository: string
  /** The forge's own number of the repository, where a human has pinned it; null: what the branch says counts. */
  readonly repositoryId: string | null
  /** File name in the templates directory of the environment branch. */
  readonly template: string
  /** The same for commits that needed an approval; null: `template`. */
  readonly templateUntrusted: string | null
  /** URL template, for example `https://{{name}}.preview.acme.dev`; null when a preview has no URL. */
  readonly url: string | null
  /**
   * Image template for `{{image}}`, for example `registry.acme.dev/shop:{{sha}}`, or several by name for `{{image.web}}`; null
   * when templates do not use it.
   */
  readonly image: string | Readonly<Record<string, string>> | null
  /** Operator's own values, for `{{values.*}}`. */
  readonly values: Readonly<Record<string, unknown>>
  /** The same for everybody to see: what came from an environment variable stands there by its name. */
  readonly shownValues: Readonly<Record<string, unknown>>
  readonly when: When
  /** What must be true of a commit before it is written; null: nothing. */
  readonly gate: Gate | null
  /** What its URL must answer before a preview is called ready; null: it is not probed. */
  readonly probe: ProbeSettings | null
}

/** How a preview's URL is probed. */
export interface ProbeSettings {
  /** Put behind the path of the URL; begins with a slash. */
  readonly path: string
  /** Statuses that count as an answer, both ends included. */
  readonly status: { readonly least: number; readonly most: number }
  readonly timeoutMs: number
}

export interface Gate {
  /** Names of checks that must have passed. */
  readonly checks: readonly string[]
  /** Whether the images must be in their registry. */
  readonly image: boolean
  /** In ms, until a commit that waits is called failed. */
  readonly timeoutMs: number
  /** Whether images are written by the digest that was found. */
  readonly pin: boolean
}

/** Which open merge requests get a preview. */
export interface When {
  readonly labels: {
    readonly any: readonly string[]
    readonly all: readonly string[]
    readonly none: readonly string[]
  }
  /** Globs (`*` within a segment, `**` across); empty: every target branch. */
  readonly targetBranches: readonly string[]
  /** Globs over the paths it changes, former names of renamed files included; empty: every change. */
  readonly paths: readonly string[]
  /** Whether drafts get one too. */
  readonly drafts: boolean
  /** Whether those that a bot wrote get one too. */
  readonly bots: boolean
  /** Globs of source branches; empty: every branch. */
  readonly branches: readonly string[]
  /** Globs of titles, where `*` stands for anything; empty: every title. */
  readonly titles: readonly string[]
  /** `approved`: each commit of a fork once a writer approved it. */
  readonly forks: 'never' | 'approved'
  /** Whose commits need no approval. */
  readonly authors: 'any' | 'writers'
  /** Logins that need no approval, and logins that get no preview. */
  readonly allow: readonly string[]
  readonly deny: readonly string[]
}
