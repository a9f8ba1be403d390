import { errors } from 'jose'

/** What is wrong with a token, for whoever sent it; null when the error is about something else. Holds nothing of the token. */
export function objectionOf(error: unknown): string | null {
  if (error instanceof errors.JWTExpired)
    return 'The token has expired (claim `exp`): let the job ask for one right before this call.'
  if (error instanceof errors.JWTClaimValidationFailed) return claimObjection(error.claim)
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported)
    return 'The token is signed in a way that is not taken (header `alg`).'
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return 'The token names no key of its issuer (header `kid`).'
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return 'The signature of the token does not fit its issuer’s key.'
  return error instanceof errors.JOSEError ? notReadable : null
}

export const notReadable = 'The token is neither one of server.auth.tokens nor a JSON Web Token of a job.'

export const unknownIssuer =
  'The issuer of the token is none of server.auth.oidc (claim `iss`): it must be written there to the letter.'

/** The claims that are looked at; every other one comes from a schema of ours. */
const claimObjections: Readonly<Record<string, string>> = {
  iss: unknownIssuer,
  aud: 'The token was made for somebody else (claim `aud`): let the job ask for the audience that stands in server.auth.oidc.',
  exp: 'The token does not say when it ends (claim `exp`).',
  nbf: 'The token does not count yet (claim `nbf`): is a clock wrong?',
  iat: 'The token was made in the future, or does not say when (claim `iat`): is a clock wrong?',
}

export function claimObjection(claim: string): string {
  return claimObjections[claim] ?? `The claim \`${claim}\` of the token is missing or odd.`
}
