import { type Credentials, fixedCredentials, type ForgeCall, type RefusedAnswer } from '../http/call.ts'
import { createForgeHttp } from '../http/create-forge-http.ts'
import { createKnownAnswers } from '../http/known-answers.ts'
import type { CommitChecks } from '../commit-checks.ts'
import type { Conversation } from '../conversation.ts'
import type { Forge } from '../port.ts'
import type { RestDialect } from '../rest/dialect.ts'
import type { ForgeOptions } from '../rest/forge-options.ts'
import { createRestChecks } from '../rest/create-rest-checks.ts'
import { createRestConversation } from '../rest/create-rest-conversation.ts'
import { createRestForge } from '../rest/create-rest-forge.ts'
import { type GithubApp, githubHeaders } from './app.ts'
import { githubCalls } from './calls.ts'
import { githubChecks } from './checks.ts'
import { githubConversation } from './conversation.ts'

export interface GithubForgeOptions extends ForgeOptions {
  /** A token, or an App that is installed on the repositories. */
  readonly identity: { readonly token: () => Promise<string> } | { readonly app: GithubApp }
}

/** About 1 kB each. */
const knownAnswers = 5_000

/** github.com or an Enterprise Server. Repositories are written `owner/name`. */
export function createGithubForge(options: GithubForgeOptions): Forge & CommitChecks & Conversation {
  const { credentials, login } = who(options.identity)
  const calls = githubCalls(options.url)
  const dialect: RestDialect = {
    name: options.name,
    // An answer that did not change since it was read costs nothing of the 5 000 an hour.
    http: createForgeHttp({
      ...options,
      credentials,
      headers: githubHeaders,
      known: createKnownAnswers(knownAnswers),
    }),
    calls: login === null ? calls : { ...calls, me: () => login },
    checks: githubChecks,
    conversation: githubConversation,
    paging: (idOf, list) => ({
      limit: { parameter: 'per_page', size: 100 },
      // Words about a commit come in an object that counts them.
      counting: { kind: list === 'checks' ? 'body' : 'link' },
      idOf,
      maxPages: 500,
    }),
    mostFiles: 3000,
    readRefusedStatus,
  }
  return {
    ...createRestForge(dialect),
    ...createRestChecks(dialect),
    ...createRestConversation(dialect),
  }
}

function who(identity: GithubForgeOptions['identity']): {
  readonly credentials: Credentials
  readonly login: ForgeCall<string> | null
} {
  if ('app' in identity) return { credentials: identity.app.credentials, login: identity.app.login }
  return { credentials: fixedCredentials('Bearer', identity.token), login: null }
}

/** The commit went with its fork, or was rewritten away. */
function readRefusedStatus({ said }: RefusedAnswer): 'skipped' | null {
  return /^No commit found for SHA/i.test(said) ? 'skipped' : null
}
