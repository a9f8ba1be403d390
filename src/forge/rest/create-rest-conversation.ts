import type { Conversation } from '../conversation.ts'
import { askedOnce } from './asked-once.ts'
import type { RestDialect } from './dialect.ts'
import { listRemarks } from './list-remarks.ts'
import { postComment } from './publish-comment.ts'
import { readPermission } from './read-permission.ts'
import { readMark, setMark } from './remark-marks.ts'

/** A conversation out of its dialect, as `createRestForge` makes a forge. */
export function createRestConversation(dialect: RestDialect): Conversation {
  const login = askedOnce(dialect.http, dialect.calls.me())
  return {
    listRemarks: async (repository, number) => listRemarks(dialect, { repository, number }, await login()),
    readMark: async (target) => readMark(dialect, target, await login()),
    setMark: async (target, mark) => setMark(dialect, target, { login: await login(), mark }),
    reply: async (repository, number, body) => {
      await postComment(dialect, { repository, number }, body)
    },
    readPermission: (repository, user) => readPermission(dialect, repository, user),
  }
}
