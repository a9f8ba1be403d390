import type { Conversation, Remark, RemarkMark, RepositoryPermission } from '../../src/forge/conversation.ts'

/** A conversation in memory: what people said, and what Mayfly answered. */
export interface MemoryConversation extends Conversation {
  /** Somebody says something; gives its id. */
  say(login: string, body: string, change?: Partial<Remark>): number
  readonly marks: Map<number, RemarkMark>
  readonly replies: string[]
  /** Who may do what; everybody else may read. `unknown`: the forge does not tell. */
  permissions: Readonly<Record<string, RepositoryPermission | 'unknown'>>
}

export function createMemoryConversation(): MemoryConversation {
  const remarks: Remark[] = []
  const marks = new Map<number, RemarkMark>()
  const replies: string[] = []
  const talk: MemoryConversation = {
    marks,
    replies,
    permissions: {},
    say(login, body, change = {}) {
      const id = remarks.length + 1
      const createdAt = new Date(Date.UTC(2026, 10, 21, 10, 0, id))
      remarks.push({ id, author: { id, login, bot: false }, body, createdAt, edited: false, ...change })
      return id
    },
    listRemarks: () => Promise.resolve([...remarks]),
    readMark: ({ remark }) => Promise.resolve(marks.get(remark) ?? null),
    setMark: ({ remark }, mark) => Promise.resolve(void marks.set(remark, mark)),
    reply: (_repository, _number, body) => Promise.resolve(void replies.push(body)),
    readPermission: (_repository, { login }) => {
      const permission = talk.permissions[login] ?? 'read'
      return Promise.resolve(
        permission === 'unknown'
          ? { kind: 'unknown', why: 'only an administrator may ask' }
          : { kind: 'known', permission },
      )
    },
  }
  return talk
}
