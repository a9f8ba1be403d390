import { z } from 'zod'
import type { RemarkAuthor, RepositoryPermission } from '../conversation.ts'
import { moment } from '../moment.ts'
import type {
  ConversationDialect,
  PostedPermission,
  PostedReaction,
  PostedRemark,
} from '../rest/conversation-dialect.ts'
import { github, ownerAndRepo, route } from './endpoint.ts'
import { GithubUser } from './schema.ts'
import { RetryLater } from '../../preview/errors.ts'

const id = z.number().int().positive()

const GithubRemark = z.object({
  id,
  body: z.string(),
  created_at: moment,
  updated_at: moment,
  // Null: an account that is gone.
  user: GithubUser.nullable(),
})

const GithubReaction = z.object({
  id,
  content: z.string().min(1),
  created_at: moment,
  user: z.object({ login: z.string().min(1) }).nullable(),
})

/** `permission` has the word that every role comes down to, roles of one's own among them. */
const GithubPermission = z.object({ permission: z.string(), user: z.object({ id }).nullish() })

/** The conversation of a pull request, which is an issue too. `author_association` is not looked at: it is known to be wrong. */
export const githubConversation: ConversationDialect = {
  marks: { seen: 'eyes', done: 'rocket', refused: '-1' },
  pagesReactions: true,
  reactionsChangeComments: false,
  readRefusedPermission: () => null,
  calls: {
    remarks: ({ repository, number }) => ({
      operation: 'list-remarks',
      purpose: `read the comments on merge request ${number} of ${repository}`,
      right: 'Pull requests: read',
      ...route(github.issues.listComments.endpoint({ ...ownerAndRepo(repository), issue_number: number })),
      schema: z.array(GithubRemark.transform(remarkOf)),
      expected: [404],
    }),
    reactions: ({ repository, remark }) => ({
      operation: 'list-reactions',
      purpose: `read the reactions to comment ${remark} in ${repository}`,
      right: 'Pull requests: read',
      ...route(
        github.reactions.listForIssueComment.endpoint({ ...ownerAndRepo(repository), comment_id: remark }),
      ),
      schema: z.array(GithubReaction.transform(reactionOf)),
      expected: [404],
    }),
    addReaction: ({ repository, remark }, word) => ({
      operation: 'add-reaction',
      purpose: `react to comment ${remark} in ${repository}`,
      right: 'Pull requests: write',
      ...route(
        github.reactions.createForIssueComment.endpoint({
          ...ownerAndRepo(repository),
          comment_id: remark,
          content: contentOf(word),
        }),
      ),
      schema: GithubReaction,
      expected: [404],
    }),
    removeReaction: ({ repository, remark }, reaction) => ({
      operation: 'remove-reaction',
      purpose: `take back its reaction to comment ${remark} in ${repository}`,
      right: 'Pull requests: write',
      ...route(
        github.reactions.deleteForIssueComment.endpoint({
          ...ownerAndRepo(repository),
          comment_id: remark,
          reaction_id: reaction.id,
        }),
      ),
      schema: z.undefined(),
      expected: [404],
    }),
    usersCalled: null,
    permission: (repository, { login }) => ({
      operation: 'read-permission',
      purpose: `read what a user may do in ${repository}`,
      right: 'Metadata: read',
      ...route(
        github.repos.getCollaboratorPermissionLevel.endpoint({
          ...ownerAndRepo(repository),
          username: pathSegment(login),
        }),
      ),
      schema: GithubPermission.transform(permissionOf),
      expected: [404],
    }),
  },
}

function remarkOf({ id, body, user, created_at, updated_at }: z.infer<typeof GithubRemark>): PostedRemark {
  return {
    id,
    author: user === null ? null : authorOf(user),
    body,
    createdAt: created_at,
    updatedAt: updated_at,
  }
}

function authorOf({ id, login, type }: GithubUser): RemarkAuthor {
  return { id, login, bot: type === 'Bot' || login.endsWith('[bot]') }
}

function reactionOf({ id, content, user, created_at }: z.infer<typeof GithubReaction>): PostedReaction {
  return { id, login: user?.login ?? null, word: content, createdAt: created_at }
}

/** https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user */
const permissions: Readonly<Record<string, RepositoryPermission>> = {
  admin: 'write',
  maintain: 'write',
  write: 'write',
  triage: 'read',
  read: 'read',
  none: 'none',
}

function permissionOf(
  { permission, user }: z.infer<typeof GithubPermission>,
  context: z.RefinementCtx,
): PostedPermission {
  const known = Object.hasOwn(permissions, permission) ? permissions[permission] : undefined
  if (known !== undefined) return { permission: known, userId: user?.id ?? null }
  context.addIssue({ code: 'custom', path: ['permission'], message: 'no word that GitHub documents' })
  return z.NEVER
}

const contents = ['eyes', 'rocket', '-1'] as const

function contentOf(word: string): (typeof contents)[number] {
  const known = contents.find((content) => content === word)
  if (known === undefined) throw new RangeError(`no reaction of ours: ${word}`)
  return known
}

/** A login of dots would lead to another place. */
function pathSegment(login: string): string {
  if (/^[\w.[\]-]+$/.test(login) && !/^\.+$/.test(login)) return login
  throw new RetryLater(`GitHub names a user as nobody can be called: ${JSON.stringify(login.slice(0, 100))}`)
}
