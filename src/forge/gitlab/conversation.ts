import { z } from 'zod'
import type { Clock } from '../../pace/clock.ts'
import type { RemarkAuthor, RemarkTarget } from '../conversation.ts'
import { moment } from '../moment.ts'
import type {
  ConversationCalls,
  ConversationDialect,
  PostedPermission,
  PostedReaction,
  PostedRemark,
} from '../rest/conversation-dialect.ts'
import { projectPath } from './calls.ts'
import { isBotName } from './map.ts'
import { GitlabUser } from './schema.ts'

const id = z.number().int().positive()

const GitlabRemark = z.object({
  id,
  body: z.string(),
  system: z.boolean(),
  /** From another forge, under the name of whoever imported it. */
  imported: z.boolean().nullish(),
  author: GitlabUser.nullable(),
  created_at: moment,
  updated_at: moment,
})

const GitlabAward = z.object({
  id,
  name: z.string().min(1),
  created_at: moment,
  user: z.object({ username: z.string().min(1) }).nullable(),
})

const GitlabMember = z.object({
  id,
  access_level: z.number().int(),
  state: z.string().min(1),
  /** In newer ones: `awaiting` until an administrator approves. */
  membership_state: z.string().nullish(),
  /** The day on which it ends, in UTC; null: never. */
  expires_at: z.iso.date().nullable(),
})
type GitlabMember = z.infer<typeof GitlabMember>

/** The notes of a merge request. Awarding an emoji changes the time of its note: `expire_cache` of app/models/award_emoji.rb. */
export function gitlabConversation(clock: Clock): ConversationDialect {
  return {
    marks: { seen: 'eyes', done: 'rocket', refused: 'thumbsdown' },
    pagesReactions: true,
    reactionsChangeComments: true,
    readRefusedPermission: () => null,
    calls: { ...notes, ...awards, ...members(clock) },
  }
}

const reporter = { right: 'scope api, role Reporter' } as const

const notes: Pick<ConversationCalls, 'remarks'> = {
  remarks: ({ repository, number }) => ({
    ...reporter,
    operation: 'list-remarks',
    purpose: `read the comments on merge request ${number} of ${repository}`,
    method: 'GET',
    path: [...projectPath(repository), 'merge_requests', String(number), 'notes'],
    query: { sort: 'asc', order_by: 'created_at', activity_filter: 'only_comments' },
    schema: z.array(GitlabRemark.transform(remarkOf)),
    expected: [404],
  }),
}

const awards: Pick<ConversationCalls, 'reactions' | 'addReaction' | 'removeReaction'> = {
  reactions: (target) => ({
    ...reporter,
    operation: 'list-reactions',
    purpose: `read the reactions to comment ${target.remark} in ${target.repository}`,
    method: 'GET',
    path: awardsPath(target),
    schema: z.array(GitlabAward.transform(reactionOf)),
    expected: [404],
  }),
  addReaction: (target, word) => ({
    ...reporter,
    operation: 'add-reaction',
    purpose: `react to comment ${target.remark} in ${target.repository}`,
    method: 'POST',
    path: awardsPath(target),
    body: { name: word },
    schema: GitlabAward,
    expected: [404],
  }),
  removeReaction: (target, reaction) => ({
    ...reporter,
    operation: 'remove-reaction',
    purpose: `take back its reaction to comment ${target.remark} in ${target.repository}`,
    method: 'DELETE',
    path: [...awardsPath(target), String(reaction.id)],
    // The award itself in old versions.
    schema: z.unknown(),
    expected: [404],
  }),
}

function members(clock: Clock): Pick<ConversationCalls, 'usersCalled' | 'permission'> {
  return {
    usersCalled: (login) => ({
      operation: 'find-user',
      purpose: 'find a user by name',
      right: 'scope api',
      method: 'GET',
      path: ['users'],
      query: { username: login },
      schema: z.array(GitlabUser).transform((users) => idsOf(users, login)),
    }),
    permission: (repository, user) => ({
      ...reporter,
      operation: 'read-permission',
      purpose: `read what a user may do in ${repository}`,
      method: 'GET',
      // Without `all` those that a group brings are missing.
      path: [...projectPath(repository), 'members', 'all', String(user.id)],
      schema: GitlabMember.transform((member) => permissionOf(member, clock.now())),
      expected: [404],
    }),
  }
}

function remarkOf(note: z.infer<typeof GitlabRemark>): PostedRemark {
  return {
    id: note.id,
    author: note.system || note.imported === true || note.author === null ? null : authorOf(note.author),
    body: note.body,
    createdAt: note.created_at,
    updatedAt: note.updated_at,
  }
}

function authorOf({ id, username, bot }: GitlabUser): RemarkAuthor {
  return { id, login: username, bot: bot ?? isBotName(username) }
}

function reactionOf({ id, name, user, created_at }: z.infer<typeof GitlabAward>): PostedReaction {
  return { id, login: user?.username ?? null, word: name, createdAt: created_at }
}

function idsOf(users: readonly GitlabUser[], login: string): number[] {
  return users.filter(({ username }) => username.toLowerCase() === login.toLowerCase()).map(({ id }) => id)
}

const developer = 30
const guest = 10

/** https://docs.gitlab.com/api/members/#roles. A member who is blocked, not let in yet or over is none. */
function permissionOf(member: GitlabMember, now: Date): PostedPermission {
  const isOver = member.expires_at !== null && Date.parse(member.expires_at) <= now.getTime()
  const isActive = member.state === 'active' && (member.membership_state ?? 'active') === 'active'
  const level = isActive && !isOver ? member.access_level : 0
  if (level >= developer) return { permission: 'write', userId: member.id }
  return { permission: level >= guest ? 'read' : 'none', userId: member.id }
}

function awardsPath({ repository, number, remark }: RemarkTarget): readonly string[] {
  const note = ['merge_requests', String(number), 'notes', String(remark)]
  return [...projectPath(repository), ...note, 'award_emoji']
}
