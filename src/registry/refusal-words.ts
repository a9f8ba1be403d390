import { type ImageReference, referenceText } from './parse-reference.ts'
import { nobody, type RegistryLogin } from './registry-login.ts'

/** Why somebody got no answer. */
export interface LoginRefusal {
  readonly kind: 'refused'
  readonly login: RegistryLogin
  readonly why: string
}

/** The right to read images, in the words of those who give it. */
const rights: Readonly<Record<string, string>> = {
  'ghcr.io': 'the right `read:packages`',
  'registry.gitlab.com': 'the right `read_registry`',
  'docker.io': 'an access token that may read',
}

export interface ForbiddenLook {
  readonly reference: ImageReference
  /** False: the registry asks for a login in a way that Mayfly does not know. */
  readonly isUnderstood: boolean
  /** To whoever gives no name it says that there is none, as some do for what is private. */
  readonly isMissing: boolean
  readonly refusals: readonly LoginRefusal[]
  readonly trouble: string | null
}

/** What keeps Mayfly from looking, and what to do about it. Registries say so for images that do not exist, too. */
export function whyForbidden({
  reference,
  isUnderstood,
  isMissing,
  refusals,
  trouble,
}: ForbiddenLook): string {
  const { host } = reference
  const cannot = `Mayfly cannot look whether ${referenceText(reference)} is there`
  if (!isUnderstood)
    return `${cannot}: ${host} refuses, and asks for no login that Mayfly knows (Bearer or Basic). Check the host of the image.`
  const right = rights[host] ?? 'the right to pull it'
  const known = refusals
    .filter(({ login }) => login !== nobody)
    .map(({ login, why }) => `${login.who}: ${why}`)
  const reasons = trouble === null ? known : [...known, trouble]
  const silence = isMissing ? 'says without a login that it is not' : 'does not say it without a login'
  if (reasons.length > 0)
    return `${cannot}: ${host} ${silence}. ${reasons.join('; ')}. It takes a user with ${right}.`
  return `${cannot}: ${host} ${silence}, as registries do for private images and for missing ones. Make the image public, or put a user with ${right} into \`registries\`.`
}

/** Of a token that is not given, or of a manifest that is not shown to it. */
export function wordsOfRefusal(status: number): string {
  return status === 401
    ? 'refused (401), its password is wrong, expired or withdrawn, or it has no right to the image'
    : `refused (${status}), it has no right to the image`
}
