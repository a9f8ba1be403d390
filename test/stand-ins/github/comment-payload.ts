import type {
  SandboxComment,
  SandboxMergeRequest,
  SandboxRepository,
} from '../../../src/sandbox/forge/state.ts'
import { type Address, nodeId } from './address.ts'
import { timeOf } from './times.ts'
import { userPayload } from './user-payloads.ts'

/** `issue-comment`. */
export function commentPayload(
  { fullName }: SandboxRepository,
  { number }: SandboxMergeRequest,
  { id, author, body, editedAt }: SandboxComment,
  at: Address,
): object {
  const base = `${at.api}/repos/${fullName}/issues`
  return {
    url: `${base}/comments/${id}`,
    html_url: `${at.html}/${fullName}/pull/${number}#issuecomment-${id}`,
    issue_url: `${base}/${number}`,
    id,
    node_id: nodeId('IssueComment', id),
    user: userPayload(author, at),
    created_at: timeOf(id),
    updated_at: timeOf(editedAt ?? id),
    body,
    author_association: 'NONE',
    performed_via_github_app: null,
  }
}
