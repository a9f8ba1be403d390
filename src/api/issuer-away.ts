/** The keys of an issuer could not be read now. The message is for the log: it names the issuer, and no token. */
export class IssuerAway extends Error {
  override readonly name = 'IssuerAway'
}
