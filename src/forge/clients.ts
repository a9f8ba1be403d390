import { createGiteaForge } from './gitea/api.ts'
import { createGithubForge } from './github/api.ts'
import type { GithubApp } from './github/app.ts'
import { createGitlabForge } from './gitlab/api.ts'
import type { ForgeKindName } from './kinds.ts'
import type { CommitChecks } from './commit-checks.ts'
import type { Conversation } from './conversation.ts'
import type { Forge } from './port.ts'
import type { ForgeOptions } from './rest/forge-options.ts'

export interface ForgeClientOptions extends ForgeOptions {
  /** Empty where an App stands in its place. */
  readonly token: () => Promise<string>
  readonly app: GithubApp | null
}

/** One forge, for all that is asked of it. */
export type ForgeClient = Forge & CommitChecks & Conversation

/** How each kind of forge is asked; `kinds.ts` has what is known of it without asking. */
export const forgeClients: Readonly<Record<ForgeKindName, (options: ForgeClientOptions) => ForgeClient>> = {
  github: ({ app, token, ...options }) =>
    createGithubForge({ ...options, identity: app === null ? { token } : { app } }),
  gitlab: createGitlabForge,
  gitea: createGiteaForge,
  forgejo: createGiteaForge,
}
