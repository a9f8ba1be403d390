import type { Application } from '../preview/application.ts'
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
  /** The first configured name of its repository: one repository has one key, however often it is named. */
  nameOf(source: SourceRepository): string
  /** The forge's number of a configured repository: the one in the configuration, else the one it last told; null: not known yet. */
  idOf(source: SourceRepository): string | null
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
  const pinned = new Map(
    applications.map(({ forge, repository, repositoryId }) => [`${forge}:${repository}`, repositoryId]),
  )
  return {
    all: () => [...byName.values()],
    resolve: (forge, { id, fullName }) =>
      (id === null ? undefined : byNumber.get(`${forge}:${id}`)) ??
      byName.get(`${forge}:${fullName.toLowerCase()}`)?.repository ??
      (id === null ? undefined : byName.get(`${forge}:${id}`)?.repository),
    learn: ({ forge, repository }, { id, isPublic: said }) => {
      const [source, number] = [`${forge}:${repository}`, `${forge}:${id}`]
      if (numbers.get(source) !== number) {
        numbers.set(source, number)
        byNumber.set(number, firstOf(number) ?? repository)
      }
      // Not every answer of a forge tells.
      if (said !== undefined) isPublic.set(`${forge}:${repository}`, said)
    },
    nameOf: ({ forge, repository }) =>
      byNumber.get(numbers.get(`${forge}:${repository}`) ?? '') ?? repository,
    idOf: ({ forge, repository }) => {
      const source = `${forge}:${repository}`
      return pinned.get(source) ?? numbers.get(source)?.slice(forge.length + 1) ?? null
    },
    isPublic: ({ forge, repository }) => isPublic.get(`${forge}:${repository}`) ?? true,
  }

  /** In the order of the configuration, among those of which the forge gave this number. */
  function firstOf(number: string): string | undefined {
    return [...byName.values()].find((one) => numbers.get(`${one.forge}:${one.repository}`) === number)
      ?.repository
  }
}
