import type { WebhookDialect } from './webhook-dialect.ts'

/** What configuration and webhooks need to know of one kind of forge. Pure: its client stands in `clients.ts`. */
export interface ForgeKind {
  /** Base of the REST API of a forge at `url`, where the configuration names none. */
  apiOf(url: string): string
  /** The same in words, for the documentation of `api`. */
  readonly apiNote: string
  readonly repositories: RepositoryRule
  /** Whether it has Apps, in the place of tokens. */
  readonly apps: boolean
  readonly webhook: WebhookDialect
  /** The tokens that its CI jobs get; null: they get none. */
  readonly jobTokens: JobTokens | null
}

/** Who signs the tokens of CI jobs, and in which claims they name their repository. */
export interface JobTokens {
  /** The domain of the issuer, for a forge at `url`. */
  issuerDomain(url: URL): string
  /** The claim with the path, for example `acme/shop`. */
  readonly repository: string
  /** The claim with the forge's own number, as text. */
  readonly id: string
}

/** How a repository is written. */
export interface RepositoryRule {
  /** Advice, after the fault. */
  readonly hint: string
  /** What is wrong with one, in words; null when nothing is. */
  fault(repository: string): string | null
}

export const ownerAndName: RepositoryRule = {
  hint: 'write `owner/name`',
  fault(repository) {
    const tooLong = repository.split('/').length > 2 ? 'it has too many parts' : null
    return repositoryPathFault(repository) ?? tooLong
  },
}

/** What no path to a repository may be, however deep it goes. */
export function repositoryPathFault(repository: string): string | null {
  if (repository.includes(':')) return 'a URL is too much'
  if (repository.endsWith('.git')) return 'it ends in `.git`'
  if (/[^\w./+-]/.test(repository)) return 'only letters, digits and `. _ - +` may stand in it'
  const segments = repository.split('/')
  if (segments.some((segment) => ['', '.', '..'].includes(segment))) return 'a part of it is empty or dots'
  return segments.length < 2 ? 'the owner is missing' : null
}
