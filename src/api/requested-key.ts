import { type MergeRequestKey, type MergeRequestRef, mergeRequestKey } from '../preview/key.ts'
import type { Asker, JobRepository } from './asker.ts'

/** The configured repositories, as `SourceRepositories` knows them. */
export interface ConfiguredRepositories {
  resolve(forge: string, named: { readonly id: string | null; readonly fullName: string }): string | undefined
  nameOf(source: { readonly forge: string; readonly repository: string }): string
  idOf(source: { readonly forge: string; readonly repository: string }): string | null
}

export type RequestedKey =
  | { readonly kind: 'may'; readonly key: MergeRequestKey }
  /** No application has this repository. */
  | { readonly kind: 'unknown' }
  /** A job asks for another repository than its own; it learns nothing about that. */
  | { readonly kind: 'foreign' }

/** Which key is queued for whoever asks for `wanted`. */
export function requestedKey(
  asker: Asker,
  wanted: MergeRequestRef,
  repositories: ConfiguredRepositories,
): RequestedKey {
  if (asker.kind === 'job') return keyForJob(asker.repositories, wanted, repositories)
  const { forge, repository: fullName } = wanted
  const repository = repositories.resolve(forge, { id: null, fullName })
  return repository === undefined ? { kind: 'unknown' } : may({ ...wanted, repository })
}

/** A repository is the forge's own number; its name counts where nobody has told the number yet. */
function keyForJob(
  jobs: readonly JobRepository[],
  wanted: MergeRequestRef,
  repositories: ConfiguredRepositories,
): RequestedKey {
  const { forge } = wanted
  const own = jobs.find((job) => job.forge === forge)
  if (own === undefined) return { kind: 'foreign' }
  const isCalledSo = own.fullName.toLowerCase() === wanted.repository.toLowerCase()
  const repository = repositories.resolve(forge, own)
  if (repository === undefined) return { kind: isCalledSo ? 'unknown' : 'foreign' }
  const known = repositories.idOf({ forge, repository })
  if (known !== null && known !== own.id) return { kind: 'foreign' }
  const named = repositories.resolve(forge, { id: null, fullName: wanted.repository })
  const nameOf = (name: string): string => repositories.nameOf({ forge, repository: name })
  const isConfiguredSo = named !== undefined && nameOf(named) === nameOf(repository)
  return isCalledSo || isConfiguredSo ? may({ ...wanted, repository }) : { kind: 'foreign' }
}

function may(ref: MergeRequestRef): RequestedKey {
  return { kind: 'may', key: mergeRequestKey(ref) }
}
