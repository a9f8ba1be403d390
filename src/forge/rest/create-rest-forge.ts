import type { Forge } from '../port.ts'
import { askedOnce } from './asked-once.ts'
import type { RestDialect } from './dialect.ts'
import { listChangedFiles } from './list-changed-files.ts'
import { publishComment } from './publish-comment.ts'
import { publishStatus, setStatus } from './publish-status.ts'
import { listOpenMergeRequests, readMergeRequest } from './read-merge-request.ts'

/** A forge out of its dialect: what it means that something is gone, ours, or said already is decided once for all. */
export function createRestForge(dialect: RestDialect): Forge {
  const login = askedOnce(dialect.http, dialect.calls.me())
  return {
    readMergeRequest: (repository, number) => readMergeRequest(dialect, { repository, number }),
    listOpenMergeRequests: (repository) => listOpenMergeRequests(dialect, repository),
    listChangedFiles: (repository, number) => listChangedFiles(dialect, { repository, number }),
    publishComment: async (target, comment) =>
      publishComment(dialect, target, { ...comment, author: await login() }),
    publishStatus: (repository, sha, status, before) =>
      before === 'none'
        ? setStatus(dialect, { repository, sha, wanted: status, newest: null })
        : publishStatus(dialect, { repository, sha, wanted: status, before }),
  }
}
