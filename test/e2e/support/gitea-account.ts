/** Somebody at a Gitea, as seen by its API. */
export interface GiteaAccount {
  readonly url: string
  readonly login: string
  readonly token: string
}
