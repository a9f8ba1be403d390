import { RetryLater } from '../../preview/errors.ts'
import type { PermissionReading, RemarkAuthor } from '../conversation.ts'
import type { RestDialect } from './dialect.ts'

const none: PermissionReading = { kind: 'known', permission: 'none' }

/** See the port. Who is no member, or no longer the one who bore that login, may do nothing. */
export async function readPermission(
  dialect: RestDialect,
  repository: string,
  named: RemarkAuthor,
): Promise<PermissionReading> {
  const { http, calls, conversation } = dialect
  const user = await identified(dialect, named)
  if (user === null) return none
  const answer = await http.ask(conversation.calls.permission(repository, user))
  if (answer.kind === 'status') {
    const why = conversation.readRefusedPermission(answer)
    if (why !== null) return { kind: 'unknown', why }
    if (answer.status !== 404) throw answer.error
    // A repository that is hidden from our token answers alike.
    await http.ask(calls.repository(repository))
    return none
  }
  const { permission, userId } = answer.value
  const isAnother = userId !== null && user.id !== null && userId !== user.id
  return isAnother ? none : { kind: 'known', permission }
}

/** With the id where the forge asks for it; null: nobody has this login. */
async function identified(
  { name, http, conversation }: RestDialect,
  user: RemarkAuthor,
): Promise<RemarkAuthor | null> {
  const { usersCalled } = conversation.calls
  if (usersCalled === null || user.id !== null) return user
  const answer = await http.ask(usersCalled(user.login))
  if (answer.kind === 'status') throw answer.error
  const [id, second] = answer.value
  if (second !== undefined) throw new RetryLater(`${name} knows several users of one login`)
  return id === undefined ? null : { ...user, id }
}
