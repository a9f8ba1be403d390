import type { Conversation, PermissionReading, RemarkAuthor } from '../forge/conversation.ts'
import { createBoundedMap } from '../pace/bounded-map.ts'
import type { Clock } from '../pace/clock.ts'
import { sameLogin } from '../preview/eligible.ts'
import type { Settings } from './settings.ts'

/** Named by the operator, for forges that do not tell. */
export function countsAsWriter({ commands }: Pick<Settings, 'commands'>, login: string): boolean {
  return commands?.allow.some((listed) => sameLogin(listed, login)) === true
}

const keptMs = 60_000
const keepCount = 5_000

/** Permissions hold for a minute: a pass in each event of a busy merge request asks but once. */
export function rememberPermissions(
  conversation: Conversation,
  clock: Pick<Clock, 'monotonicMs'>,
): Conversation {
  const known = createBoundedMap<
    string,
    { readonly at: number; readonly reading: Promise<PermissionReading> }
  >(keepCount)
  return {
    ...conversation,
    readPermission: (repository: string, user: RemarkAuthor) => {
      const who = `${repository} ${user.id ?? ''} ${user.login.toLowerCase()}`
      const now = clock.monotonicMs()
      const before = known.get(who)
      if (before !== undefined && now - before.at < keptMs) return before.reading
      const reading = conversation.readPermission(repository, user)
      known.set(who, { at: now, reading })
      // A failure is not remembered.
      reading.catch(() => known.delete(who))
      return reading
    },
  }
}
