import { z } from 'zod'
import { RetryLater } from '../../preview/errors.ts'
import type { RemarkAuthor, RemarkTarget } from '../conversation.ts'
import type { RefusedAnswer } from '../http/call.ts'
import { moment } from '../moment.ts'
import type {
  ConversationDialect,
  PostedPermission,
  PostedReaction,
  PostedRemark,
} from '../rest/conversation-dialect.ts'
import { repositoryPath } from './repository-path.ts'

/** -1 is everybody who is gone, other negative numbers are the forge's own users. */
const GiteaAccount = z.object({ id: z.number().int(), login: z.string().min(1) })

const GiteaRemark = z.object({
  id: z.number().int().positive(),
  body: z.string(),
  user: GiteaAccount.nullable(),
  /** Who wrote it on the forge it was migrated from; `user` is who migrated it then. */
  original_author: z.string().nullish(),
  created_at: moment,
  updated_at: moment,
})

const GiteaReaction = z.object({
  content: z.string().min(1),
  created_at: moment,
  user: z.object({ login: z.string() }).nullable(),
})

const GiteaPermission = z.object({
  permission: z.enum(['owner', 'admin', 'write', 'read', 'none']),
  user: z.object({ id: z.number().int() }).nullish(),
})

/** The conversation of a pull request, which is an issue too: routers/api/v1/repo/issue_reaction.go of Gitea 1.26. */
export const giteaConversation: ConversationDialect = {
  marks: { seen: 'eyes', done: 'rocket', refused: '-1' },
  pagesReactions: false,
  reactionsChangeComments: false,
  readRefusedPermission,
  calls: {
    remarks: ({ repository, number }) => ({
      operation: 'list-remarks',
      purpose: `read the comments on merge request ${number} of ${repository}`,
      right: 'read:issue',
      method: 'GET',
      path: [...repositoryPath(repository), 'issues', String(number), 'comments'],
      schema: z.array(GiteaRemark.transform(remarkOf)),
      expected: [404],
    }),
    reactions: (target) => ({
      operation: 'list-reactions',
      purpose: `read the reactions to comment ${target.remark} in ${target.repository}`,
      right: 'read:issue',
      method: 'GET',
      path: reactionsPath(target),
      schema: z.array(GiteaReaction.transform(reactionOf)).nullable(),
      expected: [404],
    }),
    addReaction: (target, word) => ({
      operation: 'add-reaction',
      purpose: `react to comment ${target.remark} in ${target.repository}`,
      right: 'write:issue',
      method: 'POST',
      path: reactionsPath(target),
      body: { content: word },
      schema: GiteaReaction,
      expected: [404],
    }),
    removeReaction: (target, { word }) => ({
      operation: 'remove-reaction',
      purpose: `take back its reaction to comment ${target.remark} in ${target.repository}`,
      right: 'write:issue',
      method: 'DELETE',
      path: reactionsPath(target),
      body: { content: word },
      schema: z.undefined(),
      expected: [404],
    }),
    usersCalled: null,
    permission: (repository, { login }) => ({
      operation: 'read-permission',
      purpose: `read what a user may do in ${repository}`,
      right: 'read:repository',
      method: 'GET',
      path: [...repositoryPath(repository), 'collaborators', pathSegment(login), 'permission'],
      schema: GiteaPermission.transform(permissionOf),
      expected: [403, 404],
    }),
  },
}

/** Only an administrator of the site or of the repository may ask about others: routers/api/v1/repo/collaborators.go. */
function readRefusedPermission({ status, said }: RefusedAnswer): string | null {
  // A token without the scope is refused alike, and then nothing is to be read at all.
  if (status !== 403 || /\bscope/i.test(said)) return null
  return 'the forge tells only an administrator of the repository what others may do: give the bot Administrator on the repository, or name people in `commands.allow`'
}

function remarkOf(found: z.infer<typeof GiteaRemark>): PostedRemark {
  const isForeign = (found.original_author ?? '') !== ''
  return {
    id: found.id,
    author: isForeign ? null : authorOf(found.user),
    body: found.body,
    createdAt: found.created_at,
    updatedAt: found.updated_at,
  }
}

/** Gitea has no mark for bots: the ending is what bots of other forges keep when they are mirrored. */
function authorOf(user: z.infer<typeof GiteaAccount> | null): RemarkAuthor | null {
  if (user === null || user.id === -1) return null
  return { id: user.id, login: user.login, bot: user.id <= 0 || user.login.endsWith('[bot]') }
}

/** It has no number of its own: whoever reacts says each word once. */
function reactionOf({ content, user, created_at }: z.infer<typeof GiteaReaction>): PostedReaction {
  return { id: 0, login: user?.login ?? null, word: content, createdAt: created_at }
}

function permissionOf({ permission, user }: z.infer<typeof GiteaPermission>): PostedPermission {
  const isWriter = permission === 'owner' || permission === 'admin'
  return { permission: isWriter ? 'write' : permission, userId: user?.id ?? null }
}

function reactionsPath({ repository, remark }: RemarkTarget): readonly string[] {
  return [...repositoryPath(repository), 'issues', 'comments', String(remark), 'reactions']
}

/** A login of dots would lead to another place. */
function pathSegment(login: string): string {
  if (/^[\w.-]+$/.test(login) && !/^\.+$/.test(login)) return login
  throw new RetryLater(
    `The forge names a user as nobody can be called: ${JSON.stringify(login.slice(0, 100))}`,
  )
}
