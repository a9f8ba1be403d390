import { fixedCredentials } from '../http/call.ts'
import { createForgeHttp } from '../http/create-forge-http.ts'
import { nothingKnown } from '../http/known-answers.ts'
import type { CommitChecks } from '../commit-checks.ts'
import type { Conversation } from '../conversation.ts'
import type { Forge } from '../port.ts'
import type { RestDialect } from '../rest/dialect.ts'
import type { ForgeOptions } from '../rest/forge-options.ts'
import { createRestChecks } from '../rest/create-rest-checks.ts'
import { createRestConversation } from '../rest/create-rest-conversation.ts'
import { createRestForge } from '../rest/create-rest-forge.ts'
import { giteaCalls } from './calls.ts'
import { giteaChecks } from './checks.ts'
import { giteaConversation } from './conversation.ts'

/** A Gitea or a Forgejo: two dialects of one API. Repositories are written `owner/name`. */
export function createGiteaForge(
  options: ForgeOptions & { readonly token: () => Promise<string> },
): Forge & CommitChecks & Conversation {
  const dialect: RestDialect = {
    name: options.name,
    http: createForgeHttp({
      ...options,
      credentials: fixedCredentials('token', options.token),
      headers: {},
      known: nothingKnown,
    }),
    calls: giteaCalls(options.url),
    conversation: giteaConversation,
    // It caps `limit` as it likes, and some versions give all comments at once. Its `Link` header is built from its own idea
    // of its address, so it is no help behind a proxy.
    checks: giteaChecks,
    paging: (idOf) => ({
      limit: { parameter: 'limit', size: 50 },
      counting: { kind: 'count', header: 'x-total-count' },
      idOf,
      maxPages: 500,
    }),
    // It makes the whole diff again for every page of it: a longer list would be a burden to it.
    mostFiles: 3000,
    readRefusedStatus: () => null,
  }
  return {
    ...createRestForge(dialect),
    ...createRestChecks(dialect),
    ...createRestConversation(dialect),
  }
}
