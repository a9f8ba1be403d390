import type { SandboxRepository, SandboxStatus } from '../../../src/sandbox/forge/state.ts'
import { type Address, nodeId } from './address.ts'
import { timeOf } from './times.ts'

/** `status`. */
export function statusPayload({ fullName }: SandboxRepository, status: SandboxStatus, at: Address): object {
  const { id, sha, state, context, description, targetUrl } = status
  return {
    url: `${at.api}/repos/${fullName}/statuses/${sha}`,
    avatar_url: null,
    id,
    node_id: nodeId('Status', id),
    state,
    description: description === '' ? null : description,
    target_url: targetUrl === '' ? null : targetUrl,
    context,
    created_at: timeOf(id),
    updated_at: timeOf(id),
    creator: null,
  }
}
