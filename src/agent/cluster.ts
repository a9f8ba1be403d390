/** A kind of object as the API server's paths name it, for example `{ api: 'apps/v1', kind: 'Deployment', plural: 'deployments' }`. */
export interface ObjectKind {
  /** `v1` for the core group. */
  readonly api: string
  readonly kind: string
  readonly plural: string
}

/** One object as the API server gave it: foreign data until a schema has read it. */
export type KubernetesObject = Readonly<Record<string, unknown>>

/** Where objects of one kind are looked for. */
export interface ResourceSelector {
  readonly kind: ObjectKind
  /** Null: in all namespaces, or the kind has none. */
  readonly namespace: string | null
  /** For example `app.kubernetes.io/managed-by=mayfly`; null: all. */
  readonly labels: string | null
}

export type OnChange = (object: KubernetesObject, now: 'there' | 'gone') => void

/** A copy of the objects of one place, kept up to date by list and watch. */
export interface Informer {
  /** Resolves when the first list has ended, well or not. */
  readonly firstList: Promise<void>

  /**
   * All of them, the same array until one changes. Before the first list, and when the copy is out of step for long, it throws
   * why: `RetryLater`, or `Stalled` when a right is missing.
   */
  objects(): readonly KubernetesObject[]

  stop(): void
}

/**
 * One cluster. Every member throws `RetryLater` when its API server does not answer, and `Stalled` with `right` naming the
 * missing RBAC rule when it refuses us.
 */
export interface Cluster {
  /** All objects of a place, every page read. A kind that the cluster does not know: none. */
  list(place: ResourceSelector): Promise<readonly KubernetesObject[]>

  /** Null: there is none. */
  read(kind: ObjectKind, namespace: string | null, name: string): Promise<KubernetesObject | null>

  /** Sets annotations of one object, and nothing else of it. `missing`: there is none. */
  annotate(
    kind: ObjectKind,
    namespace: string,
    name: string,
    annotations: Readonly<Record<string, string>>,
  ): Promise<'done' | 'missing'>

  /**
   * Lists, then watches, from now on: resumes, lists again after 410 or any error, with backoff. `onChange` is called with
   * whatever came, changed or vanished (as it was last), also when that was missed while away.
   */
  follow(place: ResourceSelector, onChange: OnChange): Informer

  close(): Promise<void>
}
