import type { ForgeHttp } from '../http/call.ts'

/** What the parts of this adapter share. */
export interface GiteaContext {
  readonly name: string
  readonly http: ForgeHttp
  /** The login of the token's user, asked once. */
  readonly login: () => Promise<string>
}
