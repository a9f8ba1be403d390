import { ForbiddenHost } from '../network/checked-lookup.ts'
import { askManifest, expectRegistry, type ManifestAnswer } from './ask-manifest.ts'
import type { KnownLogins } from './known-logins.ts'
import type { ImageReference } from './parse-reference.ts'
import type { ImageReading } from './port.ts'
import type { AuthChallenge } from './read-challenge.ts'
import { type LoginRefusal, whyForbidden, wordsOfRefusal } from './refusal-words.ts'
import type { RegistryHttp } from './registry-http.ts'
import { nobody, type RegistryLogin } from './registry-login.ts'
import type { RegistryTokens } from './registry-tokens.ts'
import { mayCarryPassword, tokenRealm } from './token-realm.ts'

export interface ImageLook {
  readonly http: RegistryHttp
  readonly tokens: RegistryTokens
  /** For example `https://ghcr.io`. */
  readonly origin: string
  readonly reference: ImageReference
  /** Asked for only when the registry wants to know who asks. */
  readonly loginsFor: (reference: ImageReference) => Promise<KnownLogins>
  readonly isPlain: (host: string) => boolean
}

type Heard = Exclude<ManifestAnswer, { readonly kind: 'refused' }> | LoginRefusal

/** One look, without a memory but for tokens. @throws ForbiddenHost when the registry's own host must not be asked. */
export async function lookUpImage(look: ImageLook): Promise<ImageReading> {
  const { http, origin, reference } = look
  const open = await askManifest(http, origin, reference, null)
  if (open.kind === 'there') return open
  if (open.kind === 'missing') {
    if (!open.isRegistry) await expectRegistry(http, origin)
    return { kind: 'missing' }
  }
  return await lookAsSomebody(look, open)
}

/**
 * Tries one login after the other. A registry may say 404 to who has no right to see: what nobody does not find is looked for
 * with a password too, and stays unknown where all of those are refused.
 */
async function lookAsSomebody(
  look: ImageLook,
  open: Extract<ManifestAnswer, { readonly kind: 'refused' }>,
): Promise<ImageReading> {
  const { challenge } = open
  const { logins, trouble, worked } = await look.loginsFor(look.reference)
  const refusals: LoginRefusal[] = []
  let isMissing = false
  for (const login of challenge === null ? [] : logins) {
    const heard = await hear(look, challenge, login, open.status)
    if (heard.kind === 'refused') refusals.push(heard)
    else {
      if (heard.kind === 'there' || login !== nobody) worked(login)
      if (heard.kind === 'there') return heard
      if (login !== nobody) return { kind: 'missing' }
      isMissing = true
    }
  }
  if (isMissing && refusals.length === 0 && trouble === null) return { kind: 'missing' }
  const isUnderstood = challenge !== null
  const why = whyForbidden({ reference: look.reference, isUnderstood, isMissing, refusals, trouble })
  return { kind: 'forbidden', why }
}

async function hear(
  look: ImageLook,
  challenge: AuthChallenge | null,
  login: RegistryLogin,
  openStatus: number,
): Promise<Heard> {
  if (challenge?.scheme === 'bearer') return await hearByToken(look, challenge, login)
  // Nobody was asked as already.
  if (login.header === null) return refusedFor(login, wordsOfRefusal(openStatus))
  const { http, origin, reference } = look
  return heardOf(await askManifest(http, origin, reference, login.header.reveal()), login)
}

async function hearByToken(
  look: ImageLook,
  challenge: Extract<AuthChallenge, { readonly scheme: 'bearer' }>,
  login: RegistryLogin,
): Promise<Heard> {
  const { reference, origin, isPlain } = look
  const realm = tokenRealm({ challenge, repository: reference.repository, origin, isPlain })
  if (realm === null) return refusedFor(login, 'the registry sends to an address that gives no safe tokens')
  if (login.header !== null && !mayCarryPassword(realm, { host: reference.host, origin }, login))
    return refusedFor(
      login,
      `the registry sends to ${realm.host} for tokens, and a password goes there only if \`realms\` of its entry in \`registries\` names that host`,
    )
  try {
    return await askByToken(look, realm, login)
  } catch (error) {
    if (!(error instanceof ForbiddenHost)) throw error
    return refusedFor(login, `the registry sends for tokens to where Mayfly never goes: ${error.message}`)
  }
}

/** A token from before that is refused is asked for anew, once. */
async function askByToken(look: ImageLook, realm: URL, login: RegistryLogin): Promise<Heard> {
  const { http, tokens, origin, reference } = look
  const reading = await tokens.tokenFor(realm, reference, login)
  if (reading.kind === 'refused') return refusedFor(login, wordsOfRefusal(reading.status))
  const answer = await askManifest(http, origin, reference, `Bearer ${reading.token}`)
  if (answer.kind !== 'refused') return answer
  tokens.forget(reference, login)
  return reading.isFresh ? heardOf(answer, login) : await askByToken(look, realm, login)
}

function heardOf(answer: ManifestAnswer, login: RegistryLogin): Heard {
  return answer.kind === 'refused' ? refusedFor(login, wordsOfRefusal(answer.status)) : answer
}

function refusedFor(login: RegistryLogin, why: string): LoginRefusal {
  return { kind: 'refused', login, why }
}
