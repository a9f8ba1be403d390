import type {
  SandboxComment,
  SandboxMergeRequest,
  SandboxRepository,
  SandboxUser,
} from '../../../src/sandbox/forge/state.ts'
import { idOf } from './merge-request-payloads.ts'
import { timeOf } from './times.ts'
import { userPayload } from './user-payloads.ts'

/** A comment of somebody, or what GitLab itself notes down among them under the name of whoever did it. */
export interface Note {
  readonly id: number
  readonly author: SandboxUser
  readonly body: string
  readonly system: boolean
  /** A reaction counts as a change: `bump_updated_at` of app/models/note.rb. */
  readonly changedAt: number
}

/** Apart from those of comments. */
const firstSystemId = 10_000_000

export function notesOf(mergeRequest: SandboxMergeRequest): readonly Note[] {
  return [...mergeRequest.comments.map(noteOf), ...systemNotes(mergeRequest)]
}

export function noteOf({ id, author, body, editedAt, reactedAt }: SandboxComment): Note {
  return { id, author, body, system: false, changedAt: Math.max(id, editedAt ?? 0, reactedAt ?? 0) }
}

function systemNotes({ author, number, commits, labels, locked }: SandboxMergeRequest): readonly Note[] {
  const texts = [
    ...commits.slice(1).map((sha) => `added 1 commit\n\n<ul><li>${sha.slice(0, 8)} - a change</li></ul>`),
    ...labels.map((label) => `added ~"${label}" label`),
    ...(locked ? ['locked the discussion in this merge request'] : []),
  ]
  return texts.map((body, index) => ({
    id: firstSystemId + number * 1000 + index,
    author,
    body,
    system: true,
    changedAt: firstSystemId + number * 1000 + index,
  }))
}

/** `API_Entities_Note`. */
export function notePayload(
  repository: SandboxRepository,
  mergeRequest: SandboxMergeRequest,
  note: Note,
  url: string,
): object {
  return {
    id: note.id,
    type: null,
    body: note.body,
    author: userPayload(note.author, url),
    created_at: timeOf(note.id),
    updated_at: timeOf(note.changedAt),
    system: note.system,
    noteable_id: idOf(repository, mergeRequest),
    noteable_type: 'MergeRequest',
    project_id: repository.id,
    resolvable: false,
    confidential: false,
    internal: false,
    imported: false,
    imported_from: 'none',
    noteable_iid: mergeRequest.number,
    commands_changes: {},
  }
}
