import type { Application } from '../preview/application.ts'
import { type MergeRequestKey, mergeRequestKey, parseMergeRequestKey } from '../preview/key.ts'
import type { Repository } from '../preview/merge-request.ts'

/** A repository that applications come from, as the configuration writes it. */
export interface SourceRepository {
  readonly forge: string
  readonly repository: string
}

/** Knows the configured repositories by name, and by the forge's own number once it is known. */
export interface SourceRepositories {
  all(): readonly SourceRepository[]
  /** The configured name of what an event calls `fullName` (any case) or numbers `id`: a rename keeps the number. */
  resolve(forge: string, named: { readonly id: string | null; readonly fullName: string }): string | undefined
  /** Remembers the forge's number of a configured repository. */
  learn(source: SourceRepository, repository: Repository): void
  /** The same merge request under the first configured name of its repository: one repository has one key, however often it is named. */
  canonical(key: MergeRequestKey): MergeRequestKey
  /** Whether strangers may read it: so it is where no forge has said that they may not. */
  isPublic(source: SourceRepository): boolean
}

export function createSourceRepositories(applications: readonly Application[]): SourceRepositories {
  const byName = new Map<string, SourceRepository>()
  const byNumber = new Map<string, string>()
  const isPublic = new Map<string, boolean>()
  const numbers = new Map<string, string>()
  for (const { forge, repository } of applications)
    byName.set(`${forge}:${repository.toLowerCase()}`, { forge, repository })
  return {
    all: () => [...byName.values()],
    resolve: (forge, { id, fullName }) =>
      (id === null ? undefined : byNumber.get(`${forge}:${id}`)) ??
      byName.get(`${forge}:${fullName.toLowerCase()}`)?.repository ??
      (id === null ? undefined : byName.get(`${forge}:${id}`)?.repository),
    learn: ({ forge, repository }, { id, isPublic: said }) => {
      numbers.set(`${forge}:${repository}`, `${forge}:${id}`)
      byNumber.set(`${forge}:${id}`, firstOf(forge, repository))
      // Not every answer of a forge tells.
      if (said !== undefined) isPublic.set(`${forge}:${repository}`, said)
    },
    canonical: (key) => {
      const { number, ...source } = parseMergeRequestKey(key)
      return mergeRequestKey({ ...source, repository: firstOf(source.forge, source.repository), number })
    },
    isPublic: ({ forge, repository }) => isPublic.get(`${forge}:${repository}`) ?? true,
  }

  /** In the order of the configuration, among those of which the forge gave the same number. */
  function firstOf(forge: string, repository: string): string {
    const number = numbers.get(`${forge}:${repository}`)
    if (number === undefined) return repository
    const same = [...byName.values()].find((one) => numbers.get(`${one.forge}:${one.repository}`) === number)
    return same?.repository ?? repository
  }
}
